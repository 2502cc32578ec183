"""The public address of a town, kept beside its database: processes need it before they can ask one.

`DATA/address.json` follows the settings page; whatever stands in the environment goes before it. No Django here.
"""

import json
import os
from pathlib import Path

FILE = "address.json"


def save_address(data: Path, *, base_url: str, behind_proxy: bool) -> None:
    """Write it whole or not at all. It holds from the next start of the processes on."""
    path = data / FILE
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"base_url": base_url, "behind_proxy": behind_proxy}))
    part.replace(path)


def export_address(data: Path) -> None:
    """Put the kept address into the environment, unless the environment already names one."""
    try:
        kept = json.loads((data / FILE).read_text())
    except (OSError, ValueError):
        return
    if kept.get("base_url"):
        os.environ.setdefault("ALLMENDE_BASE_URL", str(kept["base_url"]))
    if kept.get("behind_proxy"):
        os.environ.setdefault("ALLMENDE_BEHIND_PROXY", "1")
