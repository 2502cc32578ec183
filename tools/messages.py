"""Message catalogues without GNU gettext.

`update`   collect message ids of every app into its locale/de/LC_MESSAGES/django.po, keep what is translated
`compile`  turn each .po that is newer than its .mo into a .mo (needs Babel only)
`check`    exit 1 on missing, fuzzy, obsolete, contradictory or ill-formatted translations

A file belongs to the nearest folder above it that is a Django app (has apps.py). Files outside every app
(the command line, the supervisor, middleware) belong to `config`, whose locale folder is in LOCALE_PATHS.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "allmende"
LANGUAGES = ("de",)
FALLBACK = "config"

# Django's functions and where their arguments are, in Babel's notation.
FUNCTIONS: dict[str, Any] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """# German messages of Allmende ({app}). Edit the translations here;
# message ids are collected by: python tools/messages.py update
msgid ""
msgstr ""
"Project-Id-Version: Allmende\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
# %(name)s and bare %s/%d, but not %%; {name} as str.format and format_html write it.
PLACEHOLDER = re.compile(r"%\([\w.]+\)[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]|%[sdrf](?!\w)|\{[\w.!:]*\}")
GERMAN_LETTERS = re.compile(r"[äöüÄÖÜßẞ]")

Extracted = tuple[int, Any, list[str], str | None]


# ---- collecting -----------------------------------------------------------------------------------------


def _keywords(tree: ast.AST) -> dict[str, Any]:
    """Names under which this file knows Django's functions, aliases such as `_` included."""
    found = dict(FUNCTIONS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for alias in node.names:
                if alias.name in FUNCTIONS and alias.asname:
                    found[alias.asname] = FUNCTIONS[alias.name]
    return found


def from_python(source: str) -> Iterator[Extracted]:
    """Calls of gettext functions with literal arguments, also inside f-strings.

    By syntax tree and not by Babel's token reader, which sees into f-strings only from Python 3.12 on.
    """
    tree = ast.parse(source)
    keywords = _keywords(tree)
    lines = source.splitlines()
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        if name not in keywords:
            continue
        context, ids = None, []
        for position in keywords[name] or (1,):
            index = (position[0] if isinstance(position, tuple) else position) - 1
            argument = call.args[index] if index < len(call.args) else None
            text = argument.value if isinstance(argument, ast.Constant) else None
            if not isinstance(text, str):
                break
            if isinstance(position, tuple):
                context = text
            else:
                ids.append(text)
        else:
            yield call.lineno, tuple(ids), _comments(lines, call.lineno), context


def _comments(lines: list[str], line: int) -> list[str]:
    """The `# Translators: …` comment right above a line."""
    found = []
    for text in reversed(lines[: line - 1]):
        stripped = text.strip()
        if not stripped.startswith("#"):
            return []
        found.insert(0, stripped.lstrip("# "))
        if found[0].startswith("Translators:"):
            return found
    return []


def from_template(source: str, origin: str) -> Iterator[Extracted]:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    # Django turns the template into gettext calls between blanked-out text. Brackets around the whole keep
    # Python's tokenizer from judging the indentation of HTML.
    python = f"({templatize(source, origin=origin)}\n)"
    yield from extract("python", io.BytesIO(python.encode()), {**FUNCTIONS, "_": None}, ["Translators"], {})


def owner(file: Path, source: Path) -> Path:
    for folder in file.parents:
        if folder == source:
            break
        if (folder / "apps.py").exists():
            return folder
    return source / FALLBACK


def sources(source: Path) -> Iterator[Path]:
    for file in sorted(source.rglob("*")):
        parts = file.relative_to(source).parts
        if file.suffix == ".py":
            wanted = not {"migrations", "static"} & set(parts)
        else:
            wanted = "templates" in parts and file.suffix in {".html", ".txt", ".xml", ".svg"}
        if wanted:
            yield file


def collect(source: Path = SOURCE) -> dict[Path, Any]:
    """Catalogue of message ids (no translations) for each app folder that has any."""
    from babel.messages.catalog import Catalog

    found: dict[Path, Any] = defaultdict(lambda: Catalog(domain="django"))
    for file in sources(source):
        text = file.read_text(encoding="utf-8")
        try:
            rows = list(from_python(text) if file.suffix == ".py" else from_template(text, str(file)))
        except SyntaxError as error:
            raise SystemExit(f"{file}: {error}") from error
        app = owner(file, source)
        for _line, message, comments, context in rows:
            ids = message if isinstance(message, (tuple, list)) else (message,)
            if not ids or not ids[0]:
                continue
            key = tuple(ids[:2]) if len(ids) > 1 else ids[0]
            place = file.relative_to(app if file.is_relative_to(app) else source).as_posix()
            found[app].add(key, locations=[(place, None)], auto_comments=comments, context=context)
    return dict(found)


# ---- files ----------------------------------------------------------------------------------------------


def catalogue_path(app: Path, language: str) -> Path:
    return app / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Any:
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not path.exists():
        return Catalog(locale=language, domain="django")
    with path.open("rb") as stream:
        return read_po(stream, locale=language, domain="django")


def merged(template: Any, old: Any, language: str) -> Any:
    """The ids of `template` with the translations of `old`; nothing else survives."""
    from babel.messages.catalog import Catalog

    new = Catalog(locale=language, domain="django")
    for message in template:
        if not message.id:
            continue
        singular = message.id[0] if message.pluralizable else message.id
        known = old.get(singular, message.context)
        keep = known is not None and known.pluralizable == message.pluralizable
        new.add(
            message.id,
            known.string if keep else None,
            locations=sorted(set(message.locations)),
            flags=(message.flags | known.flags) if keep else message.flags,
            auto_comments=sorted(set(message.auto_comments)),
            user_comments=known.user_comments if keep else (),
            context=message.context,
        )
    return new


def render(catalogue: Any, app: str, language: str) -> bytes:
    from babel.messages.pofile import write_po

    out = io.BytesIO()
    # No dates and no line numbers: two people's changes then meet only where they touch the same message.
    write_po(out, catalogue, width=100, omit_header=True, sort_output=True, include_lineno=False)
    return HEADER.format(app=app, language=language).encode() + out.getvalue()


def write(path: Path, content: bytes) -> bool:
    """Write whole or not at all; several processes may do this at once."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return True


# ---- the three commands ---------------------------------------------------------------------------------


def update(source: Path = SOURCE, only: str = "") -> list[Path]:
    changed = []
    found = collect(source)
    known = {path.parents[3] for path in source.rglob("locale/*/LC_MESSAGES/django.po")}
    for app in sorted(found.keys() | known):
        name = app.relative_to(source).as_posix()
        if only and not name.endswith(only):
            continue
        for language in LANGUAGES:
            path = catalogue_path(app, language)
            catalogue = merged(found.get(app, []), read(path, language), language)
            if write(path, render(catalogue, name, language)):
                changed.append(path)
            missing = sum(1 for message in catalogue if message.id and not _translated(message))
            if missing:
                print(f"{name} [{language}]: {missing} of {len(catalogue)} messages are not translated")
    return changed


def compile_all(source: Path = SOURCE) -> list[Path]:
    from babel.messages.mofile import write_mo

    made = []
    for path in sorted(source.rglob("locale/*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        out = io.BytesIO()
        write_mo(out, read(path, path.parents[1].name))
        if not write(target, out.getvalue()):
            target.touch()
        made.append(target)
    return made


def _translated(message: Any) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return bool(strings) and all(strings)


def _format_problem(message: Any) -> str:
    """Placeholders must be the same; only a singular form may leave the number out."""
    ids = message.id if message.pluralizable else (message.id,)
    strings = message.string if message.pluralizable else (message.string,)
    allowed = {name for text in ids for name in PLACEHOLDER.findall(text)}
    for position, text in enumerate(strings):
        used = set(PLACEHOLDER.findall(text))
        needed = set(PLACEHOLDER.findall(ids[min(position, len(ids) - 1)]))
        if used - allowed or (needed - used and not (message.pluralizable and position == 0)):
            return f"placeholders differ: {sorted(used ^ needed)}"
    return ""


def problems(source: Path = SOURCE) -> list[str]:
    found = collect(source)
    out: list[str] = []
    seen: dict[tuple[str, Any, str | None], dict[Any, str]] = defaultdict(dict)
    known = {path.parents[3] for path in source.rglob("locale/*/LC_MESSAGES/django.po")}
    for app in sorted(found.keys() | known):
        name = app.relative_to(source).as_posix()
        template = found.get(app)
        for message in template or ():
            if GERMAN_LETTERS.search(str(message.id)):
                out.append(f"{name}: message ids are English: {message.id!r}")
        for language in LANGUAGES:
            catalogue = read(catalogue_path(app, language), language)
            wanted = {(m.id if not m.pluralizable else m.id[0], m.context): m for m in template or () if m.id}
            have = {(m.id if not m.pluralizable else m.id[0], m.context): m for m in catalogue if m.id}
            for key in wanted.keys() - have.keys():
                out.append(f"{name} [{language}]: missing {key[0]!r}")
            for key in have.keys() - wanted.keys():
                out.append(f"{name} [{language}]: obsolete {key[0]!r}")
            out += [f"{name} [{language}]: obsolete {key!r}" for key in catalogue.obsolete]
            for key in wanted.keys() & have.keys():
                message = have[key]
                if wanted[key].id != message.id:
                    out.append(f"{name} [{language}]: plural form differs {key[0]!r}")
                elif not _translated(message):
                    out.append(f"{name} [{language}]: missing {key[0]!r}")
                elif message.fuzzy:
                    out.append(f"{name} [{language}]: fuzzy {key[0]!r}")
                elif problem := _format_problem(message):
                    out.append(f"{name} [{language}]: {key[0]!r}: {problem}")
                else:
                    seen[language, *key][message.string] = name
    # Django merges all catalogues into one, so the order of apps would decide which of two translations wins.
    for (language, text, _context), strings in seen.items():
        if len(strings) > 1:
            said = "; ".join(f"{app}: {string!r}" for string, app in strings.items())
            out.append(f"[{language}] {text!r} is translated in different ways, use a context: {said}")
    return sorted(out)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("command", choices=["update", "compile", "check"])
    parser.add_argument("app", nargs="?", default="", help="update: only this app, e.g. spine/ui")
    options = parser.parse_args(argv)
    if options.command == "update":
        for path in update(only=options.app):
            print(f"written: {path.relative_to(ROOT)}")
        return 0
    if options.command == "compile":
        compile_all()
        return 0
    found = problems()
    print("\n".join(found) or "All messages are translated.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
