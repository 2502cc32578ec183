"""Built-in functions and operators of FEEL, each by its paragraph of DMN 1.5; `null` is written None."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from allmende.process.core.feel import Months, Range, evaluate

CASES: dict[str, list[tuple[str, Any]]] = {
    "texts": [
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("🐎ab", 2, 1)', "a"),
        ('substring("abc", 0)', None),
        ('substring("abc", 4)', None),
        ('string length("🐎ab")', 3),
        ('[upper case("äß"), lower case("ÄB")]', ["ÄSS", "äb"]),
        ('[substring before("foobar", "bar"), substring before("a", "x"), substring after("foobar", "ob")]',
         ["foo", "", "ar"]),
        ('[contains("abc", "b"), starts with("abc", "b"), ends with("abc", "c")]', [True, False, True]),
        ('split("a;b;;c", ";")', ["a", "b", "", "c"]),
        ('[string join(["a", null, "b"], "-"), string join(["a", "b"]), string join([1])]', ["a-b", "ab", None]),
        ('[matches("Ab", "^ab$", "i"), matches("a\\nb", "a.b"), matches("a\\nb", "a.b", "s"), matches("ab", '
         '"a b", "x")]',
         [True, False, True, True]),
        ('[matches("a", "[a-z-[aeiou]]"), matches("b", "[a-z-[aeiou]]"), matches("a-b", "a\\-b")]',
         [False, True, True]),
        ('[matches("a", "("), matches("a", "a", "q"), matches("a", "(?=a)")]', [None, None, None]),
        ('replace("abc", "b", "<$0>")', "a<b>c"),
        ('replace("ab", "(a)(b)", "$2$1$12")', "baa2"),
        ('[replace("abc", "", "x"), replace("abc", "b", "\\\\")]', [None, None]),
        ('"\\u00e4ab\\U01F40E\\"\\n"', 'äab🐎"\n'),
    ],
    "numbers": [
        ("[decimal(2.5, 0), decimal(1.5, 0), decimal(1/3, 2), decimal(1234, -2)]", [2, 2, Decimal("0.33"), 1200]),
        ("[floor(-1.5), floor(-1.56, 1), ceiling(-1.5), ceiling(1.51, 1)]", [-2, Decimal("-1.6"), -1, Decimal("1.6")]),
        ("[round up(-5.1, 0), round down(-5.9, 0), round half up(-2.5, 0), round half down(-2.5, 0)]",
         [-6, -5, -3, -2]),
        ("[abs(-1.5), abs(@\"-P1D\"), modulo(-10.1, 4.5), modulo(10, 0)]",
         [Decimal("1.5"), timedelta(1), Decimal("3.4"), None]),
        ("[sqrt(16), sqrt(-1), log(0), exp(0), odd(5), odd(-3), even(0), even(1.5)]",
         [4, None, None, 1, True, True, True, False]),
        ("[2 ** 10, 2 ** -1, 4 ** 0.5, -2 ** 2, 0 ** -1]", [1024, Decimal("0.5"), 2, 4, None]),
        ("[10 - 2 - 3, 2 + 3 * 4, -(2 + 1), 7 / 2, - 5, - /* 3 */ .5, --1]",
         [5, 14, -3, Decimal("3.5"), -5, Decimal("-0.5"), 1]),
        ("[1 + null, null * 2, \"a\" - \"b\", true + 1]", [None] * 4),
    ],
    "conversion": [
        ('[number("1 000,5", " ", ","), number("1,000.5", ",", "."), number("1.5"), number("x"), '
         'number("1,5", ",", ",")]',
         [Decimal("1000.5"), Decimal("1000.5"), Decimal("1.5"), None, None]),
        ('string([1.50, "a\\"b", {k: null, "a-b": true}, @"P1D", [1..2)])',
         '[1.5, "a\\"b", {k: null, "a-b": true}, P1D, [1..2)]'),
        ('[string("a"), string(null), string(1/4)]', ["a", None, "0.25"]),
        ("[not(true), not(null), not(1)]", [False, None, None]),
        ('[is(@"10:00:00Z", @"10:00:00+01:00"), is(1, "1"), is([1], [1])]', [False, False, True]),
    ],
    "lists": [
        ("[count([1, null]), min([3, 1]), max(1, 5, 2), min([]), max(\"a\", \"b\"), min(1, \"a\")]",
         [2, 1, 5, None, "b", None]),
        ("[sum([1, 2.5]), sum([]), sum(1, null), product([2, 3]), mean([1, 2])]",
         [Decimal("3.5"), None, None, 6, Decimal("1.5")]),
        ("[median([8, 2, 5, 3, 4]), median([6, 1, 2, 3]), stddev([2, 4, 7, 5]) > 2.08, mode([3, 1, 3, 1, 2])]",
         [4, Decimal("2.5"), True, [1, 3]]),
        ("[all([]), any([]), all([true, null]), any([null, true]), all(true, false)]",
         [True, False, None, True, False]),
        ("[sublist([4, 5, 6], 2), sublist([4, 5, 6], -2, 1), sublist([4], 3), append([1], 2, 3)]",
         [[5, 6], [5], None, [1, 2, 3]]),
        ("[concatenate([1, 2], [3]), insert before([1, 3], 2, 2), insert before([1], 5, 2), remove([1, 2], -1)]",
         [[1, 2, 3], [1, 2, 3], None, [1]]),
        ("[list replace([1, 2], 2, 9), list replace([1, 2, 3], function(item, new) item > 1, 9), reverse([1, 2])]",
         [[1, 9], [1, 9, 9], [2, 1]]),
        ("[index of([1, 2, 1], 1), union([1, 2], [2, 3]), distinct values([1, 1.0, \"a\", null, null]), "
         "flatten([[1, [2]], 3])]",
         [[1, 3], [1, 2, 3], [1, "a", None], [1, 2, 3]]),
        ("[sort([3, 1, 2], function(x, y) x < y), sort(list: [\"b\", \"a\"], precedes: function(x, y) x < y)]",
         [[1, 2, 3], ["a", "b"]]),
        ("[list contains([1, null], null), list contains([[1]], [1])]", [True, True]),
        ("[count(5), [1][1], 5[1], 5[2], [1, 2, 3][-1], [1, 2, 3][0], [1, 2, 3][item >= 2]]",
         [1, 1, 5, None, 3, None, [2, 3]]),
        ("[{a: 1, b: 2}, {a: 2}][a = 2]", [{"a": 2}]),
        ("[[{a: 1}, {a: 2}].a, [][a = 1], [][1], null[1]]", [[1, 2], [], None, None]),
    ],
    "loops": [
        ("[for i in 1..3 return i * 2, for i in 3..1 return i, for i in [1..3) return i]",
         [[2, 4, 6], [3, 2, 1], [1, 2]]),
        ("for x in [1, 2], y in [x, 10] return x * y", [1, 10, 4, 20]),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", [1, 1, 2, 6, 24]),
        ('for d in @"2024-02-28"..@"2024-03-01" return d.day', [28, 29, 1]),
        ("[every x in [1, 2] satisfies x > 0, some x in [1, 2] satisfies x > 1, every x in [1, null] satisfies x > 0]",
         [True, True, None]),
        ("[some x in [] satisfies true, every x in [] satisfies false, for x in null return x]", [False, True, None]),
        ("[if null then 1 else 2, if 1 = 1 then 1 else 2]", [2, 1]),
    ],
    "contexts": [
        ("{a: 1, b: a + 1, c: {d: b}.d}", {"a": 1, "b": 2, "c": 2}),
        ("{a: 1, a: 2}", None),
        ('[get value({"a b": 1}, "a b"), get entries({a: 1}), context([{key: "a", value: 1}])]',
         [1, [{"key": "a", "value": 1}], {"a": 1}]),
        ('[context put({a: 1}, "b", 2), context put({a: {b: 1}}, ["a", "b"], 2), context put({}, ["x", "y"], 1)]',
         [{"a": 1, "b": 2}, {"a": {"b": 2}}, None]),
        ("context merge([{a: 1, b: 1}, {b: 2}])", {"a": 1, "b": 2}),
        ("(function(a: number, b: number) a - b)(b: 1, a: 3)", 2),
        ("[(function(a: number) a)(\"x\"), (function(a) a)(1, 2), (function(a) a)(c: 1)]", [None, None, None]),
        ("{f: function(n) if n < 2 then 1 else n, g: f(7)}.g", 7),
    ],
    "logic": [
        ("[true and null, false and null, true or null, false or null, null and null]",
         [None, False, True, None, None]),
        ("[1 = null, null = null, 1 = \"1\", [1, 2] = [1, 2], {a: 1} = {a: 1.0}, 1 != null]",
         [False, True, None, True, True, True]),
        ("[1 < null, \"a\" < \"b\", true < false, 2 between 1 and 3, null between 1 and 2]",
         [None, True, None, True, None]),
        ("[1 in [1..3], 1 in (1, 2), 4 in (> 3, < 1), 1 in [2, 1], null in [null]]", [True, True, True, True, True]),
        ("[1 instance of number, null instance of Any, [1] instance of list<number>, "
         "{a: 1} instance of context<a: string>]",
         [True, False, True, False]),
        ('[@"P1D" instance of days and time duration, @"P1Y" instance of days and time duration]', [True, False]),
    ],
    "times": [
        ('[date("2024-02-30"), date(2024, 2, 29), date("24-01-01"), @"2024-02-29".weekday]',
         [None, date(2024, 2, 29), None, 4]),
        ('[time("24:00:00"), time(10, 30, 0, duration("PT1H")), time("10:30:00@Nowhere/City")]',
         [None, time.fromisoformat("10:30:00+01:00"), None]),
        ('[string(@"2024-01-01T10:00:00.500Z"), string(time(1, 2, 3.25)), string(@"-0044-03-15")]',
         ["2024-01-01T10:00:00.5Z", "01:02:03.25", "-0044-03-15"]),
        ('[@"2024-01-31" + @"P1M", @"2024-02-29" - @"P1Y", @"2024-03-01" - @"2024-02-01", @"2024-01-01" + @"PT36H"]',
         [date(2024, 2, 29), date(2023, 2, 28), timedelta(29), date(2024, 1, 2)]),
        ('[@"23:30:00" + @"PT1H", @"10:00:00Z" - @"10:00:00+01:00", @"10:00:00" + @"P1Y"]',
         [time(0, 30), timedelta(hours=1), None]),
        ('[@"P1Y" * 1.5, @"P1D" / 2, @"PT1H" / @"PT1M", @"P1Y" + @"P1D", -@"P1M"]',
         [Months(18), timedelta(hours=12), 60, None, Months(-1)]),
        ('[years and months duration(@"2023-12-24", @"2024-12-23"), @"P1DT2H3M4.5S".seconds, @"-P1DT2H".hours]',
         [Months(11), Decimal("4.5"), -2]),
        ('[day of year(@"2024-12-31"), day of week(@"2024-02-29"), month of year(@"2024-02-29"), '
         'week of year(@"2021-01-01")]',
         [366, "Thursday", "February", 53]),
        ('[@"2024-01-01" = @"2024-01-01T00:00:00", @"10:00:00Z" = @"11:00:00+01:00", @"10:00:00" < @"10:00:00Z"]',
         [None, True, None]),
    ],
    "ranges": [
        ("[before(1, 10), before([1..5], 5), before([1..5), 5), after([5..8], [1..5)), coincides(5, 5)]",
         [True, False, True, True, True]),
        ("[meets([1..5], [5..10]), meets([1..5), [5..10]), met by([5..10], [1..5]), overlaps([1..5], [5..8])]",
         [True, False, True, True]),
        ("[overlaps before([1..5], [3..8]), overlaps after([3..8], [1..5]), finishes(5, [1..5]), "
         "finished by([1..5), 5)]",
         [True, True, True, False]),
        ("[includes([1..10], [2..5)), during(5, [1..10]), starts(1, [1..5]), started by([1..5], [1..3]), "
         "includes([1..3], null)]",
         [True, True, True, True, None]),
        ('[range("[1..3)"), range("1..3"), [3..1], [1.."a"], (1..3).start included]',
         [Range(1, 3, True, False), None, None, None, False]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("chapter", CASES)
def test_chapter(chapter: str) -> None:
    for text, expected in CASES[chapter]:
        assert evaluate(text) == expected, text


@pytest.mark.parametrize(
    "call",
    ["abs()", "abs(1, 2)", "abs(x: 1)", "abs(null)", "count(null)", "sum()", "min(list: null)", "substring(1, 2)",
     "date(1, 2)", "nothing(1)", "1(2)", '"a"(1)', "floor(1.5, null)", "get value({}, 1)", "sort([1], 2)"],
)  # fmt: skip
def test_a_call_that_fits_no_signature_is_null(call: str) -> None:
    assert evaluate(call) is None
