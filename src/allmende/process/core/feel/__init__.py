"""FEEL (DMN 1.5, chapter 10) behind walls: expressions of people, evaluated with exact values and without any way out.

`evaluate(expression, context)`, `unary_test(expression, value, context)` and `names(expression)`; README.md says which
values cross the border and how exactly.
"""

from .errors import FeelError, FeelWarning
from .language import evaluate, names, unary_test
from .values import Function, Months, Range, Value

__all__ = ["FeelError", "FeelWarning", "Function", "Months", "Range", "Value", "evaluate", "names", "unary_test"]
