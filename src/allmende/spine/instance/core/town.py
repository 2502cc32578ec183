"""Municipality keys: eight digits, of which the first two are the state.

Source: Amtlicher Gemeindeschlüssel (AGS), Statistisches Bundesamt.
"""

PREFIXES = {
    "01": "SH", "02": "HH", "03": "NI", "04": "HB", "05": "NW", "06": "HE", "07": "RP", "08": "BW",
    "09": "BY", "10": "SL", "11": "BE", "12": "BB", "13": "MV", "14": "SN", "15": "ST", "16": "TH",
}  # fmt: skip


def is_key(ags: str) -> bool:
    """Eight ASCII digits whose first two name a state."""
    return len(ags) == 8 and ags.isascii() and ags.isdigit() and ags[:2] in PREFIXES


def state_of(ags: str) -> str:
    """The two letters of the state a key lies in; "" where it is no key."""
    return PREFIXES[ags[:2]] if is_key(ags) else ""
