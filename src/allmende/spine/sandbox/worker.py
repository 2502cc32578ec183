"""The process behind the walls: one engine, no files, no network, no other processes. Started by pool.py as a file, so
that nothing of Allmende or Django is in its memory.

Frames both ways: four bytes of length, then that many bytes. First frame in: the settings as JSON; then calls as
`{"function", "values", "seconds"}`. Answer: one byte that says what it is, then text.
    =  the result as JSON          !  threw: JSON [kind, name, message]
    t  out of time   m  out of memory   s  stack   x  anything else (text)
"""

import json
import math
import os
import resource
import signal
import struct
import sys

# Bytes of stack that this process has; -1 without a limit. The engine must stop before the machine does.
ROOM = resource.getrlimit(resource.RLIMIT_STACK)[0]


def read(count: int) -> bytes:
    """Exactly `count` bytes; the process ends when the other side is gone."""
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive() -> dict:
    (length,) = struct.unpack(">I", read(4))
    return json.loads(read(length))


def answer(kind: str, text: str = "") -> None:
    data = kind.encode() + text.encode("utf-8", "surrogatepass")
    view = memoryview(struct.pack(">I", len(data)) + data)
    while view:
        view = view[os.write(1, view) :]


def walls(memory: int) -> None:
    """What the kernel keeps even from an engine that was broken out of."""
    space = memory * 2 + (512 << 20)
    for what, limit in (
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, space),
    ):
        resource.setrlimit(what, (limit, limit))


def bound_cpu(seconds: float) -> None:
    """The engine looks at its clock between steps; one step (a search in long texts) may take for ever. Then the kernel
    ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = math.ceil(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))


class Engine:
    def __init__(self, settings: dict) -> None:
        self.settings = settings
        self.kept: tuple | None = None

    def context(self):
        import _quickjs

        settings = self.settings
        context = _quickjs.Context()
        context.set_memory_limit(settings["memory"])
        context.set_max_stack_size(settings["stack"] if ROOM < 0 else min(settings["stack"], ROOM // 2))
        make = context.eval(settings["prelude"])
        run = make(settings["deterministic"])
        # Loading has its own time: a large library is read once.
        context.set_time_limit(settings["load_seconds"])
        bound_cpu(settings["load_seconds"])
        context.eval(settings["source"] + "\n;void 0")
        return context, run

    def call(self, function: str, values: str, seconds: float) -> tuple[str, str]:
        context, run = self.kept or self.context()
        if self.settings["keep"]:
            self.kept = (context, run)
        context.set_time_limit(seconds)
        bound_cpu(seconds)
        said = run(function, values, self.settings["result"])
        if said.startswith("="):
            return "=", said[1:]
        self.kept = None
        return "!", said


def serve() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one
    settings = receive()
    sys.path.append(settings["library"])
    import _quickjs

    engine = Engine(settings)
    walls(settings["memory"])
    while True:
        wanted = receive()
        try:
            answer(*engine.call(wanted["function"], wanted["values"], wanted["seconds"]))
        except _quickjs.StackOverflow:
            answer("s")
        except _quickjs.JSException as error:
            text = str(error)
            if "interrupted" in text:
                answer("t")
            elif "out of memory" in text or text.strip() in ("null", "") or "too long" in text:
                answer("m")
            else:
                answer("x", text[:2000])
        except MemoryError:
            answer("m")
        except (TypeError, ValueError) as error:  # a value that the binding cannot read
            answer("x", str(error))


if __name__ == "__main__":
    serve()
