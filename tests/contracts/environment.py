"""Every environment variable that the source reads, found in the syntax, however it is read.

`os.environ["X"]`, `os.environ.get("X")`, `os.getenv("X")`, `"X" in os.environ`, `env.get`/`flag`/`words`, and where the
name is a variable the strings of the tuple that its loop goes through. A whole string that begins with ALLMENDE_ counts
too: it may be handed on.
"""

import ast
import re
from pathlib import Path

METHODS = {"get", "flag", "words", "setdefault", "pop", "getenv"}
OURS = re.compile(r"ALLMENDE_[A-Z_]+")


def _is_environment(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name in {"environ", "env", "environment", "os"}


def _loops(tree: ast.AST) -> dict[str, set[str]]:
    """Variable → the strings of the tuple that some loop gives it."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            values = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
            strings = {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            if values and len(strings) == len(values):
                found.setdefault(node.target.id, set()).update(strings)
    return found


def _names(node: ast.expr, loops: dict[str, set[str]]) -> set[str] | None:
    """The names that an expression stands for; None where the syntax does not say."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    return loops.get(node.id) if isinstance(node, ast.Name) else None


def read_in(path: Path) -> tuple[set[str], list[str]]:
    """(names read, places where the name is no literal)."""
    found: set[str] = set()
    unclear: list[str] = []
    tree = ast.parse(path.read_text())
    loops = _loops(tree)
    for node in ast.walk(tree):
        argument: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in METHODS and _is_environment(node.func.value):
                argument = node.args[0]
        elif isinstance(node, ast.Subscript) and _is_environment(node.value):
            argument = node.slice
        elif isinstance(node, ast.Compare) and any(_is_environment(right) for right in node.comparators):
            argument = node.left
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and OURS.fullmatch(node.value):
            argument = node
        if argument is not None:
            names = _names(argument, loops)
            if names is None:
                unclear.append(f"{path.name}:{node.lineno}")
            else:
                found |= {name for name in names if name.isupper()}
    return found, unclear
