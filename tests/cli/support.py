"""The command `allmende` as people call it: another process, its own environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> dict[str, str]:
    """Only what a fresh terminal has; nothing of the test run's own settings."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
        **more,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "allmende.spine.cli.main", *arguments]


def allmende(*arguments: str, cwd: Path | str = "/", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, cwd=cwd, env=environment(**more), timeout=120
    )


@cache
def schema(name: str) -> jsonschema.Draft202012Validator:
    text = (resources.files("allmende.spine.cli") / "schemas" / f"{name}.json").read_text()
    jsonschema.Draft202012Validator.check_schema(json.loads(text))
    return jsonschema.Draft202012Validator(json.loads(text), format_checker=jsonschema.FormatChecker())


def answer(done: subprocess.CompletedProcess[str], name: str) -> dict[str, Any]:
    """The one JSON object on stdout, checked against its schema."""
    found: dict[str, Any] = json.loads(done.stdout)
    schema(name).validate(found)
    return found
