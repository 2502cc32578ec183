"""Small decision models for tests."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*parts: str, namespace: str = "test", version: str = MODEL, **attributes: str) -> bytes:
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    head = f'<definitions xmlns="{version}" namespace="{namespace}" name="test"{more}>'
    return f"{head}{''.join(parts)}</definitions>".encode()


def given(name: str, type_: str = "", identifier: str | None = None) -> str:
    reference, quoted = f' typeRef="{type_}"' if type_ else "", quoteattr(name)
    variable = f"<variable name={quoted}{reference}/>"
    return f'<inputData id="{identifier or name}" name={quoted}>{variable}</inputData>'


def decision(name: str, body: str, *needs: str, type_: str = "", identifier: str | None = None) -> str:
    """`needs` are hrefs of inputs; one that begins with ! is a decision, with ? a knowledge model or service."""
    reference = f' typeRef="{type_}"' if type_ else ""
    return (
        f'<decision id="{identifier or name}" name={quoteattr(name)}><variable name={quoteattr(name)}{reference}/>'
        + "".join(_need(href) for href in needs)
        + body
        + "</decision>"
    )


def knowledge(name: str, params: Sequence[str], body: str, *needs: str, kind: str = "FEEL") -> str:
    formal = "".join(f"<formalParameter name={quoteattr(param)}/>" for param in params)
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"/>'
        f'<encapsulatedLogic kind="{kind}">{formal}{body}</encapsulatedLogic>{"".join(map(_need, needs))}'
        "</businessKnowledgeModel>"
    )


def _need(href: str) -> str:
    kind, tag = {"!": ("information", "Decision"), "?": ("knowledge", "Knowledge")}.get(
        href[0], ("information", "Input")
    )
    target = href.lstrip("!?")
    return f'<{kind}Requirement><required{tag} href="{target if "#" in target else "#" + target}"/></{kind}Requirement>'


def text(feel: str, **attributes: str) -> str:
    more = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<literalExpression{more}><text>{escape(feel)}</text></literalExpression>"


def table(
    inputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: Sequence[str] = ("",),
    allowed: Sequence[str] = (),
    defaults: Sequence[str] = (),
) -> str:
    """`rules` are rows of cells, inputs first."""
    columns = "".join(f"<input><inputExpression><text>{escape(one)}</text></inputExpression></input>" for one in inputs)
    for at, name in enumerate(outputs):
        values = f"<outputValues><text>{escape(allowed[at])}</text></outputValues>" if allowed else ""
        default = f"<defaultOutputEntry><text>{escape(defaults[at])}</text></defaultOutputEntry>" if defaults else ""
        columns += f"<output{f' name={quoteattr(name)}' if name else ''}>{values}{default}</output>"
    rows = "".join(
        "<rule>"
        + "".join(
            f"<{kind}Entry><text>{escape(cell)}</text></{kind}Entry>"
            for cell, kind in zip(row, ["input"] * len(inputs) + ["output"] * len(outputs), strict=True)
        )
        + "</rule>"
        for row in rules
    )
    sum_ = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{sum_}>{columns}{rows}</decisionTable>'
