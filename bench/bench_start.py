"""CPU time of `allmende up`: cold (new data folder) and warm, all processes, until the site has answered a page.

Asked for: warm ≤ 3 CPU-seconds, cold ≤ 6 after the install. Makes a town of its own in a scratch folder.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
from tests.support.cluster import make_folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of_tree(pid: int) -> float:
    """CPU-seconds of a process, its living descendants, and those already reaped (PostgreSQL's initdb, migrations)."""
    total = 0.0
    root = psutil.Process(pid)
    for process in [root, *root.children(recursive=True)]:
        times = process.cpu_times()
        total += times.user + times.system
    times = root.cpu_times()
    return total + times.children_user + times.children_system


def start_once(data: Path) -> tuple[float, float]:
    """(CPU-seconds, seconds) until the home page was served."""
    port = free_port()
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    began = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "allmende.spine.cli.main",
        "up",
        "--port",
        str(port),
        "--data",
        str(data),
        "--json",
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    for line in server.stdout:
        if json.loads(line).get("event") == "ready":
            break
    with urllib.request.urlopen(f"http://localhost:{port}/", timeout=30) as page:
        page.read()
    took, cpu = time.monotonic() - began, cpu_of_tree(server.pid)
    server.send_signal(signal.SIGTERM)
    server.wait(20)
    server.stdout.close()
    return cpu, took


def run() -> None:
    folder = make_folder("alm-bench-")
    try:
        cold, cold_wall = start_once(folder / "town")
        warm = sorted(start_once(folder / "town") for _ in range(3))
        print(f"cold: {cold:.2f} CPU-s, {cold_wall:.1f} s until the first page")
        print(f"warm: {warm[1][0]:.2f} CPU-s, {warm[1][1]:.1f} s until the first page (median of {len(warm)})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    run()
