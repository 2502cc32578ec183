"""Envelopes: what goes in comes out, and nothing else does; the cryptography computed a second time."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives import hpke as library
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.sealing import hpke
from allmende.dialogue.core.sealing.ballots import (
    Ballot,
    Election,
    approval,
    canonical,
    from_plain,
    pointed,
    ranking,
)
from allmende.dialogue.core.sealing.envelopes import INFO, LENGTH, SIZE, last_of_each, seal, unseal
from allmende.dialogue.core.sealing.keys import PrivateKey
from allmende.dialogue.core.sealing.receipts import commitment, new_code
from allmende.dialogue.core.sealing.refusal import Refused

PROJECTS = ("bank", "bäume-🌳", 'licht "nord"', "wlan")
BUDGET = Election("buergerhaushalt-2026", "ab" * 32, "approval", PROJECTS)
POINTS = Election("buergerhaushalt-2026", "ab" * 32, "points", PROJECTS)
RANKING = Election("buergerhaushalt-2026", "ab" * 32, "ranking", PROJECTS)
KEY = PrivateKey.generate()
PRIVATE = KEY.exchange_key()
CODE = new_code()

some = st.lists(st.sampled_from(PROJECTS), unique=True)
ballots = st.one_of(
    some.map(lambda chosen: (BUDGET, approval(chosen))),
    some.map(lambda chosen: (RANKING, ranking(chosen))),
    st.dictionaries(st.sampled_from(PROJECTS), st.integers(1, 1_000_000)).map(lambda given: (POINTS, pointed(given))),
)


def refused(code: str, do: object, *arguments: object) -> Refused:
    with pytest.raises(Refused) as caught:
        do(*arguments)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def sealed(inside: bytes, election: Election = BUDGET) -> bytes:
    """As a dishonest sender would: any message of the right size."""
    return hpke.seal(inside, PRIVATE.public_key(), INFO, election.context())


@given(ballots)
@settings(deadline=None)
def test_every_ballot_comes_back_from_envelopes_of_one_length(case: tuple[Election, Ballot]) -> None:
    election, ballot = case
    first, second = (seal(election, KEY.public, ballot, CODE) for _ in range(2))
    assert len(first) == len(second) == LENGTH == 4144
    assert first[:32] != second[:32]
    assert unseal(election, PRIVATE, first) == unseal(election, PRIVATE, second)
    assert unseal(election, PRIVATE, first) == (ballot, commitment(election.id, CODE))


def test_the_canonical_form_by_hand() -> None:
    clicked = approval(["wlan", "bank"])
    assert clicked == approval(["bank", "wlan"])
    message = hpke.unseal(seal(BUDGET, KEY.public, clicked, CODE), PRIVATE, INFO, BUDGET.context())
    text = '{"choices":["bank","wlan"],"kind":"approval","receipt":"' + commitment(BUDGET.id, CODE) + '"}'
    assert message == text.encode() + b"\x80" + bytes(SIZE - len(text) - 1)
    assert pointed({"wlan": 2, "bank": 1}).plain() == {"bank": 1, "wlan": 2}
    assert ranking(["wlan", "bank"]).plain() == ["wlan", "bank"]
    assert BUDGET.context() == (b'{"election":"buergerhaushalt-2026","kind":"approval","rules":"' + b"ab" * 32 + b'"}')


def test_an_envelope_of_another_election_rule_kind_or_key_does_not_open() -> None:
    envelope = seal(BUDGET, KEY.public, approval(["bank"]), CODE)
    for other in (
        Election("buergerhaushalt-2027", BUDGET.rules, BUDGET.kind, PROJECTS),
        Election(BUDGET.id, "ac" * 32, BUDGET.kind, PROJECTS),
        RANKING,
    ):
        refused("envelope", unseal, other, PRIVATE, envelope)
    refused("envelope", unseal, BUDGET, PrivateKey.generate().exchange_key(), envelope)
    refused("envelope", hpke.unseal, envelope, PRIVATE, b"another use", BUDGET.context())


def test_an_envelope_changed_by_a_bit_does_not_open() -> None:
    envelope = seal(BUDGET, KEY.public, approval(["bank"]), CODE)
    places = [(byte, bit) for byte in range(32) for bit in range(8)]
    places += [(byte, byte % 8) for byte in range(32, LENGTH, 61)] + [(LENGTH - 1, bit) for bit in range(8)]
    for byte, bit in places:
        changed = bytearray(envelope)
        changed[byte] ^= 1 << bit
        refused("envelope", unseal, BUDGET, PRIVATE, bytes(changed))
    for wrong in (b"", envelope[:-1], envelope + b"\0", bytes(LENGTH), envelope[:32]):
        refused("envelope", unseal, BUDGET, PRIVATE, wrong)


def test_only_what_seal_writes_is_opened() -> None:
    """Another way of writing the same ballot would be a sign by which it is known again."""
    receipt = commitment(BUDGET.id, CODE)
    good = canonical({"choices": ["bank"], "kind": "approval", "receipt": receipt})
    assert unseal(BUDGET, PRIVATE, sealed((good + b"\x80").ljust(SIZE, b"\0")))[0] == approval(["bank"])
    wrong = [
        good.replace(b":", b": "),
        good.replace(b"bank", b"b\\u0061nk"),
        good[:-1] + b',"kind":"approval"}',
        good[:-1] + b',"sign":1}',
        good.replace(b'["bank"]', b'["wlan","bank"]'),
        good.replace(receipt.encode(), receipt.upper().encode() + b" "),
        good.replace(b'"' + receipt.encode() + b'"', b"7"),
        b"[" * 4000,
        b"\xff\xfe",
        b"7",
        b"",
    ]
    for text in wrong:
        refused("envelope", unseal, BUDGET, PRIVATE, sealed((text + b"\x80").ljust(SIZE, b"\0")))
    for padded in (good.ljust(SIZE, b"\0"), (good + b"\x80\0\1").ljust(SIZE, b"\0"), bytes(SIZE)):
        refused("envelope", unseal, BUDGET, PRIVATE, sealed(padded))
    for choices, code in ((b'["haus"]', "project"), (b'["\\ud800"]', "project"), (b'"bank"', "kind"), (b"[1]", "kind"),
                          (b'["bank","bank"]', "project_twice"), (b'{"bank":1}', "kind")):  # fmt: skip
        text = good.replace(b'["bank"]', choices) + b"\x80"
        refused(code, unseal, BUDGET, PRIVATE, sealed(text.ljust(SIZE, b"\0")))


def test_ballots_that_are_not_sealed() -> None:
    refused("kind", seal, BUDGET, KEY.public, ranking(["bank"]), CODE)
    error = refused("project", seal, BUDGET, KEY.public, approval(["<b>haus</b>"]), CODE)
    assert error.text("de") == "Das Projekt <b>haus</b> steht nicht zur Wahl."
    refused("project_twice", approval, ["bank", "bank"])
    refused("project_twice", ranking, ["bank", "bank"])
    for number in (0, -1, 1_000_001, True, 1.0, "1", None):
        refused("points", pointed, {"bank": number})
        refused("points", from_plain, "points", {"bank": number})
    for public in (b"", bytes(31), bytes(32)):  # the last one is a point of small order
        refused("public_key", seal, BUDGET, public, approval([]), CODE)
    refused("group", seal, BUDGET, KEY.public, approval([]), CODE[:-1] + ("0" if CODE[-1] != "0" else "1"))
    many = tuple(f"projekt-{number:08}" for number in range(400))
    long = Election("lang", "ab" * 32, "approval", many)
    seal(long, KEY.public, approval(many[:200]), CODE)
    refused("too_long", seal, long, KEY.public, approval(many), CODE)


def test_elections_that_are_none() -> None:
    for name, rules, projects in (("", "ab" * 32, ()), ("x\n", "ab" * 32, ()), ("x", "AB" * 32, ()), ("x", "ab", ()),
                                  ("x", "ab" * 32, ("",)), ("x", "ab" * 32, ("\ud800",))):  # fmt: skip
        refused("election", Election, name, rules, "approval", projects)
    refused("kind", Election, "x", "ab" * 32, "plurality", ())
    refused("project_twice", Election, "x", "ab" * 32, "approval", ("a", "a"))


def test_the_last_envelope_of_a_voter_counts() -> None:
    assert last_of_each([("a", b"1"), ("b", b"2"), ("a", b"3")]) == {"a": b"3", "b": b"2"}
    assert last_of_each([]) == {}


def test_a_receipt_by_an_independent_computation() -> None:
    told = b"allmende receipt 1\nbuergerhaushalt-2026\n" + CODE.replace("-", "").encode()
    expected = hashlib.sha256(told).hexdigest()
    typed = [CODE, CODE.lower(), CODE.replace("-", " "), CODE.replace("-", "").replace("0", "o").replace("1", "l")]
    assert {commitment(BUDGET.id, one) for one in typed} == {expected}
    assert commitment("buergerhaushalt-2027", CODE) != expected
    assert len({new_code() for _ in range(1000)}) == 1000


def x25519(scalar: bytes, point: bytes) -> bytes:
    """RFC 7748, section 5, as it is written there."""
    prime = 2**255 - 19
    k = int.from_bytes(scalar, "little") & ~7 & ((1 << 255) - 1) | 1 << 254
    x1 = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in range(254, -1, -1):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        x3, z3 = (da + cb) ** 2 % prime, x1 * (da - cb) ** 2 % prime
        x2, z2 = aa * bb % prime, (aa - bb) * (aa + 121665 * (aa - bb)) % prime
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, prime - 2, prime) % prime).to_bytes(32, "little")


def hkdf(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869."""
    return hkdf_expand(hmac.new(salt, material, "sha256").digest(), info, length)


def hkdf_expand(secret: bytes, info: bytes, length: int) -> bytes:
    block = out = b""
    while len(out) < length:
        block = hmac.new(secret, block + info + bytes([len(out) // 32 + 1]), "sha256").digest()
        out += block
    return out[:length]


def test_this_test_computes_the_published_vectors() -> None:
    """RFC 7748, section 5.2 (one iteration); RFC 5869, appendix A.1."""
    base = (9).to_bytes(32, "little")
    assert x25519(base, base).hex() == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    assert hkdf(bytes(range(13)), b"\x0b" * 22, bytes(range(0xF0, 0xFA)), 42).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


def test_an_envelope_opened_by_an_independent_computation() -> None:
    """X25519 and HKDF of this file, RFC 9180 written out; only ChaCha20-Poly1305 is the library's."""
    envelope = seal(BUDGET, KEY.public, approval(["wlan"]), CODE)
    secret, enc = bytes(KEY._secret), envelope[:32]
    assert x25519(secret, (9).to_bytes(32, "little")) == KEY.public

    kem, suite = b"HPKE-v1KEM\x00\x20", b"HPKE-v1HPKE\x00\x20\x00\x01\x00\x03"

    def extract(salt: bytes, material: bytes) -> bytes:
        return hmac.new(salt, material, "sha256").digest()

    def expand(prk: bytes, info: bytes, length: int) -> bytes:
        return hkdf_expand(prk, length.to_bytes(2, "big") + info, length)

    shared = expand(extract(b"", kem + b"eae_prk" + x25519(secret, enc)), kem + b"shared_secret" + enc + KEY.public, 32)
    context = b"\0" + extract(b"", suite + b"psk_id_hash") + extract(b"", suite + b"info_hash" + b"allmende ballot 1")
    prk = extract(shared, suite + b"secret")
    key, nonce = expand(prk, suite + b"key" + context, 32), expand(prk, suite + b"base_nonce" + context, 12)
    message = ChaCha20Poly1305(key).decrypt(nonce, envelope[32:], BUDGET.context())
    assert message.rstrip(b"\0")[:-1] == canonical(
        {"choices": ["wlan"], "kind": "approval", "receipt": commitment(BUDGET.id, CODE)}
    )


@given(st.binary(max_size=200), st.binary(max_size=60))
@settings(max_examples=30, deadline=None)
def test_without_associated_data_it_is_the_librarys_hpke(message: bytes, info: bytes) -> None:
    suite = library.Suite(library.KEM.X25519, library.KDF.HKDF_SHA256, library.AEAD.CHACHA20_POLY1305)
    public = X25519PublicKey.from_public_bytes(KEY.public)
    assert suite.decrypt(hpke.seal(message, public, info, b""), PRIVATE, info) == message
    assert hpke.unseal(suite.encrypt(message, public, info), PRIVATE, info, b"") == message
