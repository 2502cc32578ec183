"""Run by tests: an embedded server alone, until SIGTERM. `python -m tests.supervisor.serve DATA`"""

import signal
import sys

from allmende.spine.supervisor.postgres import EmbeddedPostgres


def main() -> None:
    server = EmbeddedPostgres(sys.argv[1], {"fsync": "off", "max_connections": "20", "shared_buffers": "32MB"})
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    print("READY", server.start(print), flush=True)
    try:
        signal.pause()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
