"""Scripts behind walls: what they give back, and what none of them can do."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.spine.sandbox import (
    BadArgument,
    BadResult,
    Broken,
    OutOfMemory,
    Sandbox,
    SandboxError,
    Threw,
    TimedOut,
    TooDeep,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-(2**53), 2**53)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.fixture(scope="module")
def echo() -> Iterator[Sandbox]:
    with Sandbox("function same(x) { return x; }", keep=True) as sandbox:
        yield sandbox


def once(body: str, *values: Any, **limits: Any) -> Any:
    """What a function with that body gives in a sandbox of its own."""
    limits = {"seconds": 0.2, "memory": 32 << 20} | limits
    with Sandbox(f"function run(x, y) {{ {body} }}", **limits) as sandbox:
        return sandbox.call("run", *values)


@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_every_json_value_goes_in_and_out(echo: Sandbox, value: Any) -> None:
    assert echo.call("same", value) == value


def test_values_texts_and_several_arguments() -> None:
    assert once("return [x + y, `<b>${x}</b>`, typeof y]", "ä😀", "\u2028\0") == ["ä😀\u2028\0", "<b>ä😀</b>", "string"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("while (true) {}", TimedOut),
        ("try { while (true) {} } catch { return 1 } finally { while (true) {} }", TimedOut),
        ('return /^(a+)+$/.test("a".repeat(40) + "b")', TimedOut),
        ("return {toJSON() { while (true) {} }}", TimedOut),
        ("return {get a() { while (true) {} }}", TimedOut),
        ("return new Proxy([], {get() { while (true) {} }})", TimedOut),
        ("throw new (class extends Error { get message() { while (true) {} } })()", TimedOut),
        ('let s = "x"; while (true) s += s', OutOfMemory),
        ("const a = []; while (true) a.push(new Array(1000).fill(1))", OutOfMemory),
        ("return new ArrayBuffer(1e9)", OutOfMemory),
        ("let o = []; for (let i = 0; i < 1e6; i++) o = [o]; return o", OutOfMemory),
        ("return run()", TooDeep),
        ("let o = []; for (let i = 0; i < 90000; i++) o = [o]; return o", TooDeep),
        ("const flood = () => Promise.resolve().then(flood); flood(); return flood()", BadResult),
        ("return async () => 1", BadResult),
        ('return Symbol("a")', BadResult),
        ("return undefined", BadResult),
        ('return "x".repeat(2e6)', BadResult),
        ('return import("os")', BadResult),
        ("const c = {}; c.c = c; return c", Threw),
        ("throw {toString() { while (true) {} }}", Threw),
        ("throw new Proxy({}, {get() { throw 1 }})", Threw),
        ("throw null", OutOfMemory),
        ("return 2n ** (2n ** 24n)", Threw),
        ("return Array(2 ** 32)", Threw),
        ("return missing.thing", Threw),
    ],
)
def test_no_script_goes_beyond_its_limits(body: str, error: type[SandboxError]) -> None:
    began = time.monotonic()
    with pytest.raises(error):
        once(body)
    assert time.monotonic() - began < 8, "the wall stood long before this"


def test_a_single_endless_step_is_ended_by_the_kernel() -> None:
    source = 'function search(n) { return "a".repeat(n).indexOf("a".repeat(n / 2) + "b"); }'
    with Sandbox(source, seconds=0.1) as sandbox:
        with pytest.raises(TimedOut, match="one step"):
            sandbox.call("search", 8_000_000)
        assert sandbox.call("search", 8) == -1, "the next call has a process again"


def test_what_a_script_throws() -> None:
    with pytest.raises(Threw) as found:
        once('throw new RangeError("<b>zu groß</b>" + "x".repeat(5000))')
    assert (found.value.name, found.value.message[:15], len(found.value.message)) == (
        "RangeError",
        "<b>zu groß</b>x",
        2000,
    )
    with pytest.raises(Threw, match="thrown: 7"):
        once("throw 7")


def test_there_is_no_way_out() -> None:
    names = ["require", "process", "std", "os", "console", "fetch", "XMLHttpRequest", "Deno", "Atomics", "performance",
             "SharedArrayBuffer", "WeakRef", "FinalizationRegistry", "setTimeout", "print", "scriptArgs"]  # fmt: skip
    assert once(f"return {names!r}.filter((name) => name in globalThis)") == []
    assert once('return Function("return typeof require + typeof __import__")()') == "undefinedundefined"


def test_the_process_behind_the_walls_has_nothing_to_break_out_to() -> None:
    with Sandbox("function f() { return 1; }", keep=True) as sandbox:
        sandbox.call("f")
        (worker,) = sandbox._pool._idle
        folder = Path("/proc") / str(worker._process.pid)
        assert sorted(path.name for path in (folder / "fd").iterdir()) == ["0", "1", "2"]
        limits = {line[:26].strip(): line[26:].split()[0] for line in (folder / "limits").read_text().splitlines()[1:]}
        assert {
            limits[name] for name in ("Max open files", "Max processes", "Max file size", "Max core file size")
        } == {"0"}
        assert (folder / "environ").read_bytes().strip(b"\0").split(b"\0") == [b"TZ=UTC", b"LC_ALL=C.UTF-8"]
        assert b"django" not in (folder / "maps").read_bytes().lower()


def test_nothing_of_a_call_is_seen_by_the_next() -> None:
    source = """
        var count = 0;
        function pollute() { Object.prototype.owned = 1; Array.prototype.map = 2; JSON.parse = null; globalThis.x = 3; }
        function look() { count += 1; return [{}.owned ?? null, typeof [].map, typeof x, count]; }
        function all() { pollute(); return 1; }
    """
    with Sandbox(source, processes=1) as sandbox:
        assert sandbox.call("all") == 1
        assert sandbox.call("look") == [None, "function", "undefined", 1]
        assert sandbox.call("look") == [None, "function", "undefined", 1]
    with Sandbox(source, processes=1, keep=True) as sandbox:
        assert [sandbox.call("look")[3] for _ in range(3)] == [1, 2, 3]


def test_a_kept_context_is_replaced_after_a_failure() -> None:
    source = "var n = 0; function f(bad) { n += 1; if (bad) throw new Error('no'); return n; }"
    with Sandbox(source, processes=1, keep=True) as sandbox:
        assert [sandbox.call("f", False), sandbox.call("f", False)] == [1, 2]
        with pytest.raises(Threw):
            sandbox.call("f", True)
        assert sandbox.call("f", False) == 1


@pytest.mark.parametrize(
    "body",
    [
        "return Date.now()",
        "return new Date()",
        "return Date()",
        "return new (new Date(0).constructor)()",
        "return Math.random()",
    ],
)
def test_no_clock_and_no_chance(body: str) -> None:
    with pytest.raises(Threw, match="there is no"):
        once(body)


def test_the_clock_where_it_is_wanted_and_utc() -> None:
    assert once("return Date.now() > 1.7e12 && Math.random() < 1", deterministic=False) is True
    assert once("return [new Date(0).toISOString(), new Date(2024, 0, 1).getTimezoneOffset()]") == [
        "1970-01-01T00:00:00.000Z",
        0,
    ]


def test_bad_arguments_and_scripts() -> None:
    with pytest.raises(BadArgument):
        once("return 1", float("nan"))
    with pytest.raises(BadArgument):
        once("return 1", object())
    with Sandbox("var f = 1;") as sandbox:
        for name in ("f", "missing", "__proto__"):
            with pytest.raises(BadArgument, match=name):
                sandbox.call(name)
    with pytest.raises(Threw, match="SyntaxError"):
        once("x y")
    with Sandbox("while (true) {}", load_seconds=0.2) as sandbox, pytest.raises(TimedOut):
        sandbox.call("f")


def test_threads_share_a_sandbox() -> None:
    with Sandbox("function f(n) { let s = 0; for (let i = 0; i <= n; i++) s += i; return s; }", keep=True) as sandbox:
        found: dict[int, int] = {}

        def work(number: int) -> None:
            found[number] = sum(sandbox.call("f", number * 100 + at) for at in range(20))

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {n: sum(k * (k + 1) // 2 for k in range(n * 100, n * 100 + 20)) for n in range(6)}
        assert len(sandbox._pool._idle) <= 2


def test_a_killed_process_is_replaced() -> None:
    with Sandbox("function f() { return 1; }", keep=True, processes=1) as sandbox:
        assert sandbox.call("f") == 1
        sandbox._pool._idle[0]._process.kill()
        with pytest.raises(Broken):
            sandbox.call("f")
        assert sandbox.call("f") == 1


def test_a_forked_process_starts_its_own_and_nothing_stays_behind(tmp_path: Path) -> None:
    program = """
import os
from allmende.spine.sandbox import Sandbox
sandbox = Sandbox("function f() { return 1; }", keep=True)
assert sandbox.call("f") == 1
mine = sandbox._pool._idle[0]._process.pid
if (child := os.fork()) == 0:
    assert sandbox.call("f") == 1
    assert sandbox._pool._idle[0]._process.pid != mine
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert sandbox.call("f") == 1
assert sandbox._pool._idle[0]._process.pid == mine
print(mine)
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert not (Path("/proc") / done.stdout.strip()).exists()


def test_no_process_stays_when_its_owner_is_killed() -> None:
    program = """
import time
from allmende.spine.sandbox import Sandbox
sandbox = Sandbox("function f() { return 1; }", keep=True)
sandbox.call("f")
print(sandbox._pool._idle[0]._process.pid, flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with owner:
        assert owner.stdout is not None
        folder = Path("/proc") / owner.stdout.readline().strip()
        assert folder.exists()
        owner.kill()
    deadline = time.monotonic() + 10
    while folder.exists() and "(zombie)" not in (folder / "status").read_text():
        assert time.monotonic() < deadline, "the process behind the walls is still there"
