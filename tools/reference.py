"""The reference pages that the code itself knows: facts, rights, routes, actions, commands, personal data.

`python tools/reference.py` writes docs/reference/*.md; a contract test fails while a page is stale or an entry is
silent.
"""

import argparse
import dataclasses
import os
import sys
import typing
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT))


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def page(title: str, lead: str, body: str) -> str:
    return f"# {title}\n\n{lead}\n\nWritten by `tools/reference.py` from the code.\n\n{body}"


def facts() -> str:
    from allmende.spine.facts.kinds import KINDS

    rows = []
    for kind, cls in sorted(KINDS.items()):
        if not cls.__module__.startswith("allmende."):
            continue
        hints = typing.get_type_hints(cls)
        fields = [f.name for f in dataclasses.fields(cls)]
        sample = cls(**{name: _example(name, hints[name]) for name in fields})
        payload = ", ".join(f"`{name}`: {_type(hints[name])}" for name in fields) or "–"
        rows.append([f"`{kind}`", "public" if cls.public else "staff", payload, sample.sentence()])
    return page(
        "Facts",
        "Every kind of fact in the log, who may see it by default, its payload, and how it reads.",
        table(["kind", "seen by", "payload", "sentence"], rows),
    )


def _type(hint: object) -> str:
    return getattr(hint, "__name__", None) or str(hint).replace("typing.", "")


def _example(name: str, hint: object) -> object:
    options = [option for option in typing.get_args(hint) if option is not type(None)] or [hint]
    base = typing.get_origin(options[0]) or options[0]
    return {str: f"<{name}>", int: 1, float: 1.0, bool: True, list: [], dict: {}}.get(base)


def rights() -> str:
    from allmende.spine.people.rights import RIGHTS

    rows = []
    for name, right in sorted(RIGHTS.items()):
        others = [
            text
            for text, fn in (
                ("everybody, where the object is public", right.public),
                ("whoever it belongs to", right.own),
            )
            if fn
        ]
        limits = [
            text for text, fn in (("the whole town only", right.town), ("a further condition", right.allow)) if fn
        ]
        rows.append(
            [
                f"`{name}`",
                ", ".join(sorted(role.value for role in right.roles)) or "–",
                "; ".join(others) or "–",
                "; ".join(limits) or "–",
            ]
        )
    return page(
        "Rights",
        "Which roles hold which right. A role counts in the scope of its assignment: the instance, an organisation, "
        "an area or one object.",
        table(["right", "roles", "also", "limited by"], rows),
    )


def routes() -> str:
    from tests.contracts.site_map import routes as walk

    from allmende.spine.people.middleware import rule_of

    rows = []
    for route in walk():
        view = getattr(route.callback, "view_class", route.callback)
        rule = rule_of(route.callback, route.name) or "?"
        rows.append([f"`/{route.pattern}`", f"`{route.name}`", f"`{rule}`", _what(view, route.name)])
    return page(
        "Routes",
        "Every address of the site, its name, who may call it (`public`, `signed_in`, or a right), and what it does.",
        table(["address", "name", "rule", "what"], rows),
    )


def _what(view: object, name: str) -> str:
    """The first line of the view's docstring; for a library's view its name says it."""
    module = getattr(view, "__module__", "")
    doc = (getattr(view, "__doc__", "") or "").strip().split("\n")[0]
    if module.startswith("allmende."):
        return doc
    if name.startswith("api:"):
        return "Operation of the API; see `/api/openapi.json`."
    return f"{module.split('.')[0]}: {getattr(view, '__name__', name)}"


def commands() -> str:
    from allmende.spine.cli.main import build

    parts = []
    for name, parser in _parsers(build()):
        parts.append(f"## `{name}`\n\n{parser.description or ''}\n\n```\n{_plain(parser.format_help())}```\n")
    return page("Commands", "The `allmende` command line. Doors for machines take `--json`.", "\n".join(parts))


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def _parsers(parser: argparse.ArgumentParser) -> Iterable[tuple[str, argparse.ArgumentParser]]:
    yield parser.prog, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in dict.fromkeys(action.choices.values()):
                yield from _parsers(child)


def personal() -> str:
    from allmende.spine.privacy.register import REGISTER

    rows = [
        [
            f"`{model.__module__.removeprefix('allmende.').split('.models')[0]}.{model.__name__}`",
            str(line.purpose),
            ", ".join(f"`{name}`" for name in line.fields),
            line.legal_basis,
            f"{line.retention_days} days" if line.retention_days else str(line.until) or "as long as the person wants",
            line.on_deletion,
        ]
        for model, line in sorted(REGISTER.items(), key=lambda item: item[0].__qualname__)
    ]
    return page(
        "Personal data",
        "Every model that holds personal data, why, on what ground, for how long, and what becomes of it when the "
        "person asks for deletion.",
        table(["model", "purpose", "fields", "legal basis", "kept for", "on deletion"], rows),
    )


PAGES = {"facts": facts, "rights": rights, "routes": routes, "commands": commands, "personal-data": personal}


def render() -> dict[Path, str]:
    """All pages, in English, whatever the surroundings."""
    os.environ["COLUMNS"] = "100"
    os.environ["ALLMENDE_LANG"] = "en"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    import django
    from django.utils import translation

    django.setup()
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018 - importing the URLs declares the rules of libraries' views
    with translation.override("en"):
        return {TARGET / f"{name}.md": write() for name, write in PAGES.items()}


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for path, text in render().items():
        path.write_text(text)
        print(path.relative_to(ROOT))
