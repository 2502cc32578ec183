"""Decision models: boxed expressions, graphs, types at the borders, imports, services, and hostile files."""

from decimal import Decimal
from typing import Any

import pytest

from allmende.process.core import xml
from allmende.process.core.dmn import DmnError, Library, Result, decide, parse

from .dmn_models import decision, definitions, given, knowledge, table, text


def value(body: str, inputs: dict[str, Any] | None = None, *more: str, type_: str = "") -> Any:
    return result(body, inputs, *more, type_=type_).value


def result(body: str, inputs: dict[str, Any] | None = None, *more: str, type_: str = "") -> Result:
    names = list(inputs or {})
    model = definitions(*more, *map(given, names), decision("d", body, *names, type_=type_))
    return decide(parse(model), "d", inputs or {})


BOXES = {
    "literal": (text("a + 1"), 3),
    "context": (
        f"<context><contextEntry><variable name='x y'/>{text('a * 2')}</contextEntry>"
        f"<contextEntry><variable name='z'/>{text('x y + 1')}</contextEntry></context>",
        {"x y": 4, "z": 5},
    ),
    "context with a result": (
        f"<context><contextEntry><variable name='x'/>{text('a * 2')}</contextEntry><contextEntry>{text('x + 1')}"
        "</contextEntry></context>",
        5,
    ),
    "list": (f"<list>{text('a')}{text('1 / 0')}<list>{text('null')}</list></list>", [2, None, [None]]),
    "relation": (
        f"<relation><column name='n'/><column name='m' typeRef='string'/><row>{text('a')}{text('1')}</row>"
        f"<row>{text('7')}{text(chr(34) + 'x' + chr(34))}</row></relation>",
        [{"n": 2, "m": None}, {"n": 7, "m": "x"}],
    ),
    "function": (
        f"<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='p' typeRef='number'/>"
        f"{text('p * a')}</functionDefinition></contextEntry>"
        f"<contextEntry>{text('[f(3), f(p: 4), f(null)]')}</contextEntry>"
        "</context>",
        [6, 8, None],
    ),
    "invocation": (
        f"<context><contextEntry><variable name='f'/><functionDefinition><formalParameter name='p'/>{text('p * a')}"
        f"</functionDefinition></contextEntry><contextEntry><invocation>{text('f')}<binding><parameter name='p'/>"
        f"{text('10')}</binding></invocation></contextEntry></context>",
        20,
    ),
    "conditional": (
        f"<conditional><if>{text('a > 1')}</if><then>{text('a')}</then><else>{text('0')}</else></conditional>",
        2,
    ),
    "filter": (f"<filter><in>{text('[1, 2, 3]')}</in><match>{text('item >= a')}</match></filter>", [2, 3]),
    "for": (
        f"<for iteratorVariable='i'><in>{text('[1..3]')}</in><return>{text('i + a + count(partial)')}</return></for>",
        [3, 5, 7],
    ),
    "every": (
        f"<every iteratorVariable='i'><in>{text('[3, 4]')}</in><satisfies>{text('i > a')}</satisfies></every>",
        True,
    ),
    "some": (
        f"<some iteratorVariable='i'><in>{text('[3, 4]')}</in><satisfies>{text('i = a')}</satisfies></some>",
        False,
    ),
    "table": (table(["a"], [("2", '"two"')]), "two"),
    "nothing": ("", None),
}


@pytest.mark.parametrize("name", BOXES)
def test_boxed_expressions(name: str) -> None:
    body, expected = BOXES[name]
    assert value(body, {"a": 2}) == expected


@pytest.mark.parametrize(
    "body",
    [
        f"<filter><in>{text('5')}</in><match>{text('true')}</match></filter>",
        f"<filter><in>{text('[5]')}</in><match>{text('item')}</match></filter>",
        f"<for iteratorVariable='i'><in>{text('null')}</in><return>{text('i')}</return></for>",
        f"<every iteratorVariable='i'><in>{text('[1]')}</in><satisfies>{text('i')}</satisfies></every>",
        f"<invocation>{text('nothing')}<binding><parameter name='p'/>{text('1')}</binding></invocation>",
    ],
)
def test_boxes_without_a_value(body: str) -> None:
    found = result(body)
    assert found.value is None
    assert "every" in body or found.trace.notes or "for" in body


TYPES = (
    "<itemDefinition name='tAge'><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues>"
    "</itemDefinition>"
    "<itemDefinition name='tAges' isCollection='true'><typeRef>tAge</typeRef></itemDefinition>"
    "<itemDefinition name='tPair' isCollection='true'><typeRef>number</typeRef>"
    "<typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>"
    "<itemDefinition name='tPerson'><itemComponent name='Full Name'><typeRef>feel:string</typeRef></itemComponent>"
    "<itemComponent name='age'><typeRef>tAge</typeRef></itemComponent></itemDefinition>"
)


@pytest.mark.parametrize(
    ("type_", "feel", "expected"),
    [
        ("number", "5", 5), ("number", '"5"', None), ("number", "[5]", 5), ("number", "[5, 6]", None),
        ("string", "null", None),
        ("tAge", "150", 150), ("tAge", "151", None), ("tAges", "[1, 2]", [1, 2]), ("tAges", "7", [7]),
        ("tAges", "[1, 200]", None),
        ("tPair", "[1, 2]", [1, 2]), ("tPair", "[1]", None), ("Any", "[1]", [1]), ("feel:number", "1", 1),
        ("tPerson", '{Full Name: "Jo", age: 5}', {"Full Name": "Jo", "age": 5}),
        ("tPerson", '{Full Name: 1, age: 5}', None),
        ("tPerson", '{Full Name: "Jo", age: 500}', None), ("boolean", "1 = 1", True),
    ],
)  # fmt: skip
def test_types_at_the_border(type_: str, feel: str, expected: Any) -> None:
    found = result(text(feel), None, TYPES, type_=type_)
    assert found.value == expected
    assert [note.code for note in found.trace.notes] == (["type"] if expected is None and feel != "null" else [])


def test_an_input_of_a_wrong_type_is_null_with_a_note() -> None:
    model = parse(
        definitions(
            TYPES, given("age", "tAge"), given("p", "tPerson"), decision("d", text("[age, p.Full Name]"), "age", "p")
        )
    )
    found = decide(model, "d", {"age": "old", "p": {"Full Name": "Jo", "age": 3}})
    assert found.value == [None, "Jo"]
    assert [(note.code, note.message, note.element) for note in found.trace.notes] == [
        ("type", "age: string where tAge is wanted", "age")
    ]
    assert decide(model, "d", {}).value == [None, None], "names of several words are known from the type"
    assert decide(model, "d", {"unheard of": 1}).value == [None, None]


def test_a_decision_sees_what_it_requires_and_is_computed_once() -> None:
    model = parse(
        definitions(
            given("a"), given("b"),
            decision("base", text("a * 2"), "a"),
            decision("left", text("base + 1"), "!base"),
            decision("top", text("[left, base, b]"), "!left", "!base"),
        )
    )  # fmt: skip
    found = decide(model, "top", {"a": 5, "b": 9})
    assert found.value == [11, 10, None]
    assert found.trace.decisions == (("base", 10), ("left", 11), ("top", [11, 10, None]))
    assert [note.message for note in found.trace.notes] == ["unknown name: b"]
    given_directly = decide(model, "top", {"base": 100})
    assert given_directly.value == [101, 100, None]


def test_knowledge_models_are_functions_also_with_tables_inside() -> None:
    model = parse(
        definitions(
            given("xs"),
            knowledge("grade", ["n"], table(["n"], [("< 5", '"low"'), (">= 5", '"high"')])),
            knowledge("fact", ["n"], text("if n < 2 then 1 else n * fact(n - 1)")),
            knowledge("outer", ["n"], text('grade(n) + "!"'), "?grade"),
            decision("d", text("for x in xs return [outer(x), fact(x)]"), "xs", "?outer", "?fact"),
        )
    )
    found = decide(model, "d", {"xs": [4, 6]})
    assert found.value == [["low!", 24], ["high!", 720]]
    assert [(trace.element, trace.hits) for trace in found.trace.tables] == [("grade", (1,)), ("grade", (2,))]
    assert Library(model).invoke("grade", {"n": 3}).value == "low"
    assert Library(model).invoke("grade", {"m": 3}).value is None


def test_services() -> None:
    service = (
        "<decisionService id='s' name='s'><variable name='s'/><outputDecision href='#top'/>{}"
        "<encapsulatedDecision href='#base'/><inputData href='#a'/></decisionService>"
    )
    parts = [given("a"), decision("base", text("a * 2"), "a"), decision("top", text("base + 1"), "!base")]
    user = decision("d", text("[s(4), s(a: 5), s()]"), "?s")
    model = parse(definitions(*parts, service.format(""), user))
    assert decide(model, "d", {"a": 100}).value == [9, 11, None]
    assert Library(model).invoke("s", {"a": 1}).value == 3
    both = parse(definitions(*parts, service.format("<outputDecision href='#base'/>")))
    assert Library(both).invoke("s", {"a": 1}).value == {"top": 3, "base": 2}


def test_imports() -> None:
    other = parse(
        definitions(
            "<itemDefinition name='tSmall'><typeRef>number</typeRef>",
            "<allowedValues><text>&lt; 10</text></allowedValues></itemDefinition>",
            given("n", "tSmall"),
            decision("twice", text("n * 2"), "n", type_="number"), knowledge("inc", ["x"], text("x + 1")),
            namespace="other",
        )
    )  # fmt: skip
    uses = decision("d", text("[o.n, o.twice, o.inc(o.twice), m]"), "other#n", "!other#twice", "?other#inc", "m")
    for alias in ("o", "Other Model"):
        body = uses.replace("o.", f"{alias}.")
        main = parse(
            definitions(
                f"<import name='{alias}' namespace='other' importType='x'/>", given("m", f"{alias}.tSmall"), body
            )
        )
        library = Library(main, [other])
        assert library.decide(["d"], {f"{alias}.n": 3, "m": 4})[0].value == [3, 6, 7, 4]
        assert library.decide(["d"], {alias: {"n": 3}, "m": 40})[0].value == [3, 6, 7, None]
        assert library.decide(["d"], {"n": 30})[0].value == [None, None, None, None]
        with pytest.raises(DmnError) as found:
            Library(main)
        assert found.value.code == "import"
    plain = decision("d", text("[n, inc(n)]"), "other#n", "?other#inc")
    nameless = parse(definitions("<import name='' namespace='other' importType='x'/>", plain))
    assert Library(nameless, [other]).decide(["d"], {"n": 3})[0].value == [3, 4]


@pytest.mark.parametrize(
    ("parts", "code", "message"),
    [
        ((decision("a", text("1"), "!b"), decision("b", text("1"), "!a")), "cycle", "a → b → a"),
        ((decision("a", text("1"), "!a"),), "cycle", "a → a"),
        ((decision("a", text("1"), "!none"),), "reference", "there is no element none"),
        ((decision("a", text("1"), "!far#b"),), "reference", "the model far is not imported"),
        ((given("a"), given("b", identifier="a")), "duplicate", "the id a is there twice"),
        ((given("a"),), "missing", "the model has no decision d"),
    ],
)
def test_models_that_cannot_be_used(parts: tuple[str, ...], code: str, message: str) -> None:
    with pytest.raises(DmnError) as found:
        decide(parse(definitions(*parts)), "d", {})
    assert (found.value.code, found.value.message) == (code, message)


def test_a_long_chain_is_no_cycle() -> None:
    chain = [decision(f"d{n}", text(f"d{n - 1} + 1" if n else "0"), *([f"!d{n - 1}"] if n else [])) for n in range(300)]
    assert decide(parse(definitions(*chain)), "d299", {}).value == 299


@pytest.mark.parametrize(
    "version",
    ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
     "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/"],
)  # fmt: skip
def test_versions(version: str) -> None:
    assert decide(parse(definitions(decision("d", text("1 + 1")), version=version)), "d", {}).value == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"), (b"<a", "not_xml"), (b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>', "doctype"),
        (b"<html/>", "html"), (definitions("<a>" * 300 + "</a>" * 300), "too_deep"),
    ],
)  # fmt: skip
def test_hostile_files(data: bytes, code: str) -> None:
    with pytest.raises(xml.Unreadable) as found:
        parse(data)
    assert found.value.code == code


@pytest.mark.parametrize(
    "data", [b"<definitions/>", definitions(version="http://www.omg.org/spec/BPMN/20100524/MODEL"), b"<x/>"]
)
def test_other_xml_is_not_dmn(data: bytes) -> None:
    with pytest.raises(DmnError) as found:
        parse(data)
    assert found.value.code == "not_dmn"


def test_other_languages_are_never_run() -> None:
    for language in ("python", "http://www.java.com/java", "javascript"):
        found = result(text('__import__("os").system("touch /tmp/x")', expressionLanguage=language))
        assert (found.value, [note.code for note in found.trace.notes]) == (None, ["language"])
    model = parse(
        definitions(
            knowledge("j", ["x"], text('{class: "java.lang.Runtime"}'), kind="Java"), decision("d", text("j(1)"), "?j")
        )
    )
    found = decide(model, "d", {})
    assert (found.value, "language" in [note.code for note in found.trace.notes]) == (None, True)
    whole = parse(definitions(decision("d", text("1 + 1")), expressionLanguage="python"))
    assert decide(whole, "d", {}).value is None


@pytest.mark.parametrize(
    "feel", ['__import__("os")', "exec", "os.system", "globalThis", "feel.builtins", "library", "Run"]
)
def test_uploaded_text_is_nothing_but_feel(feel: str) -> None:
    assert value(text(feel)) is None


def test_odd_names_and_html() -> None:
    names = ["__proto__", "constructor", "<b>Gebühr & Co</b>", "toString"]
    parts = [part for at, name in enumerate(names) for part in (given(name, identifier=f"i{at}"),)]
    body = decision(
        "hasOwnProperty",
        text("[__proto__, constructor, toString]"),
        *(f"i{at}" for at in range(4)),
        identifier="__proto__",
    )
    model = parse(definitions(*parts, body))
    found = decide(model, "hasOwnProperty", {name: name for name in names})
    assert found.value == ["__proto__", "constructor", "toString"]
    assert value(text("a"), {"a": "<script>"}) == "<script>"


def test_money_is_exact() -> None:
    assert value(text("decimal(amount * 0.075, 2)"), {"amount": Decimal("1234.50")}) == Decimal("92.59")
    assert value(text("amount * 1.1 = 3.3"), {"amount": 3}) is True
