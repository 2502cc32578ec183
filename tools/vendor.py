"""Bring scripts and styles of others into the repository, as tools/vendor.json lists them: pinned, checked, with
licences.

Each package is fetched by the ordinary npm client into a temporary folder, its archive is compared with the
pinned sha512, and only the files named in the list are copied. A package with a `bundle` becomes one script, together
with the packages that it names, by the pinned esbuild (Linux on x86-64). Of a package that others have put into its
script already (`contains`) only the licence is fetched. The result is committed, so nothing here runs when a town
starts. The lock file tools/vendor.lock.json says what lies where with which sha256.

    python3 tools/vendor.py            fetch and write
    python3 tools/vendor.py --check    compare what lies in the repository with the lock; no network
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "tools" / "vendor.json"
LOCK = ROOT / "tools" / "vendor.lock.json"
# Source maps are not shipped; a pointer to a missing one breaks hashed static files.
SOURCE_MAP = re.compile(rb"\n?(?://|/\*)[#@] sourceMappingURL=[^\n*]*(?:\*/)?")
LINK = re.compile(r"https?://[^\s\"'`)<>\\]*")
TEXT = {".js", ".mjs", ".css"}

Package = dict[str, Any]


def fetch(package: Package, folder: Path) -> dict[str, bytes]:
    """Files of the package by their path inside it; stops when the archive is not the pinned one."""
    folder.mkdir(parents=True)
    wanted = f"{package['name']}@{package['version']}"
    subprocess.run(["npm", "pack", wanted, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package["integrity"]:
        raise SystemExit(f"{wanted}: the archive is {digest}, the list says {package['integrity']}")
    files = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            stream = tar.extractfile(member) if member.isfile() else None
            if stream is not None:
                files[member.name.partition("/")[2]] = stream.read()
    return files


def bundle(package: Package, packages: list[Package], folder: Path) -> bytes:
    """One script of the package and those that it is bundled with. `append` adds our text to files of the package,
    `alias` puts a file of ours in the place of a package that it imports."""
    rules = package["bundle"]
    tool = fetch(rules["esbuild"], folder / "esbuild")
    program = folder / "program"
    program.write_bytes(tool["bin/esbuild"])
    program.chmod(0o755)
    for number, part in enumerate([p for p in packages if p["name"] in rules["with"]] + [package]):
        for path, content in fetch(part, folder / str(number)).items():
            if part is package and path in rules.get("append", {}):
                content += (ROOT / rules["append"][path]).read_bytes()
            target = folder / "node_modules" / part["name"] / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    entry = folder / "entry.js"
    entry.write_bytes((ROOT / rules["entry"]).read_bytes())
    aliases = [f"--alias:{name}={ROOT / path}" for name, path in rules.get("alias", {}).items()]
    command = [program, entry, "--bundle", "--format=iife", "--minify", "--legal-comments=none", "--target=es2023"]
    done = subprocess.run([*command, *aliases, "--log-level=error"], cwd=folder, check=True, stdout=subprocess.PIPE)
    contained = ", ".join(f"{p['name']} {p['version']}" for p in packages if p["name"] in rules["with"])
    head = f"// {package['name']} {package['version']} with {contained}; by tools/vendor.py, licences beside it\n"
    return head.encode() + done.stdout


def prepare(content: bytes, name: str, package: Package) -> bytes:
    if Path(name).suffix not in TEXT:
        return content
    content = SOURCE_MAP.sub(b"", content)
    if rule := package.get("drop_rules"):
        pattern = rf"(?<=[{{}}])[^{{}}]*\.{re.escape(rule)}[^{{}}]*\{{[^{{}}]*\}}"
        content = re.sub(pattern, "", content.decode()).encode()
        # A shortened file is a changed one: EUPL-1.2 section 5. Said at the end, @charset must come first.
        content += f"\n/* {package['name']} {package['version']}, changed: {package['note']} */\n".encode()
    return content


def contents(package: Package, files: dict[str, bytes]) -> dict[str, bytes]:
    """What to write: file name in the package's folder -> bytes."""
    out = {to: prepare(files[path], to, package) for path, to in package["files"].items()}
    out |= {to: files[path] for path, to in package.get("licence_files", {}).items()}
    if own := package.get("own_licence"):
        out["LICENSE"] = (ROOT / own).read_bytes()
    return out


def links(package: Package, root: Path = ROOT) -> list[str]:
    """Addresses that occur in the package's scripts and styles (names of XML namespaces, credits, …)."""
    found: set[str] = set()
    for name in [*package["files"].values(), *([package["bundle"]["to"]] if "bundle" in package else [])]:
        if Path(name).suffix in TEXT:
            found |= set(LINK.findall((root / package["folder"] / name).read_text(encoding="utf-8")))
    return sorted(found)


def vendor() -> None:
    packages = json.loads(LIST.read_text())
    lock = []
    with tempfile.TemporaryDirectory() as temporary:
        for number, package in enumerate(packages):
            print(f"{package['name']} {package['version']} …")
            target = ROOT / package["folder"]
            target.mkdir(parents=True, exist_ok=True)
            sums = {}
            place = Path(temporary) / str(number)
            found = contents(package, fetch(package, place))
            for part in package.get("contains", []):
                name = part["name"].rpartition("/")[2]
                found[f"LICENSE.{name}"] = fetch(part, place / "contains" / name)[part["licence_file"]]
            if rules := package.get("bundle"):
                found[rules["to"]] = bundle(package, packages, place / "bundle")
            for name, content in found.items():
                (target / name).write_bytes(content)
                sums[f"{package['folder']}/{name}"] = hashlib.sha256(content).hexdigest()
            lock.append({key: package[key] for key in ("name", "version", "licence", "integrity")} | {"files": sums})
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(check()) or "All files are as locked.")


def check(root: Path = ROOT) -> list[str]:
    """Differences between list, lock and files; an empty list when all is well."""
    problems = []
    packages = json.loads(LIST.read_text())
    lock = json.loads(LOCK.read_text())
    pins = [(p["name"], p["version"], p["licence"], p["integrity"]) for p in packages]
    if pins != [(p["name"], p["version"], p["licence"], p["integrity"]) for p in lock]:
        problems.append("vendor.json and vendor.lock.json name different packages: run tools/vendor.py")
    locked = {path: digest for package in lock for path, digest in package["files"].items()}
    for path, digest in locked.items():
        file = root / path
        if not file.exists():
            problems.append(f"{path} is missing")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            problems.append(f"{path} was changed")
    for folder in sorted({p["folder"] for p in packages}):
        for file in (root / folder).rglob("*"):
            if file.is_file() and file.relative_to(root).as_posix() not in locked:
                problems.append(f"{file.relative_to(root)} is in no package of the list")
        if not any(Path(path).name.startswith("LICENSE") for path in locked if path.startswith(folder + "/")):
            problems.append(f"{folder} has no licence file")
    for package in packages:
        if links(package, root) != sorted(package["links"]):
            problems.append(f"{package['name']}: addresses in the files are {links(package, root)}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare the files with the lock")
    if not parser.parse_args().check:
        vendor()
        return 0
    problems = check()
    print("\n".join(problems) or "All files are as locked.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
