"""Decision models (DMN 1.1–1.5): `parse(data)`, `decide(model, name, inputs)`. See README.md."""

from .decide import Library, Note, Result, TableTrace, Trace, decide
from .errors import DmnError
from .model import Model
from .parse import parse

__all__ = ["DmnError", "Library", "Model", "Note", "Result", "TableTrace", "Trace", "decide", "parse"]
