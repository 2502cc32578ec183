"""Run by tests: a supervisor with small processes of its own. `python -m tests.supervisor.town DATA [--port N] …`

`web` accepts connections and keeps two grandchildren as granian does; `stubborn` ignores SIGTERM; `crasher` ends by
itself; `touchy` writes a row a moment and dies with its connection.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from allmende.spine.cli import frame
from allmende.spine.supervisor.children import Backoff
from allmende.spine.supervisor.context import ProcessContext, ProcessSpec
from allmende.spine.supervisor.errors import SupervisorError
from allmende.spine.supervisor.supervisor import Options, Supervisor

SMALL = (("fsync", "off"), ("max_connections", "20"), ("shared_buffers", "32MB"))


def web(ctx: ProcessContext) -> None:
    for _ in range(2):
        multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,)).start()
    (ctx.data / f"web-{os.getpid()}.pids").write_text(
        " ".join(str(child.pid) for child in multiprocessing.active_children())
    )
    ctx.health({"web": lambda: {"port": ctx.port}}, lambda: b"visitors 1\n")
    with socket.create_server((ctx.host, ctx.port)) as listener:
        while True:
            listener.accept()[0].close()


def worker(ctx: ProcessContext) -> None:
    ctx.health({"work": lambda: None})
    subprocess.Popen(["/bin/sleep", "600"])
    signal.pause()


def stubborn(ctx: ProcessContext) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ctx.health({})
    while True:
        signal.pause()


def crasher(ctx: ProcessContext) -> None:
    with (ctx.data / "crashes").open("a") as out:
        out.write(f"{os.getpid()}\n")
    raise RuntimeError("crashed on purpose")


def touchy(ctx: ProcessContext) -> None:
    import psycopg

    with psycopg.connect(ctx.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS beats (at timestamptz DEFAULT now())")
        ctx.health({"database": lambda: None})
        while True:
            connection.execute("INSERT INTO beats DEFAULT VALUES")
            time.sleep(0.02)


TARGETS = {"web": web, "worker": worker, "stubborn": stubborn, "crasher": crasher, "touchy": touchy}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--processes", default="web,worker")
    parser.add_argument("--slow-prepare", action="store_true")
    args = parser.parse_args()
    args.json = True

    def prepare(ctx: ProcessContext) -> list[ProcessSpec]:
        print("PREPARE", flush=True)
        if args.slow_prepare:
            time.sleep(600)
        return [ProcessSpec(name, TARGETS[name]) for name in args.processes.split(",")]

    options = Options(data=args.data, port=args.port, postgres_settings=SMALL)
    backoff = Backoff(first=0.05, most=0.2, stable=5.0)
    ready = lambda ctx: print("READY", ctx.port, ctx.dsn, flush=True)  # noqa: E731
    say = lambda line: print(line, flush=True)  # noqa: E731
    try:
        Supervisor(options, prepare, say, ready, backoff).run()
    except SupervisorError as exc:
        return frame.fail_with(args, exc)
    print("STOPPED", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
