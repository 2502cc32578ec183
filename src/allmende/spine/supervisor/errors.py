"""Problems the supervisor can name. Each has a `code` (a key of `words.py`), `params` and the exit code of
the CLI.

Texts are not in here: the command line says them in the person's language, a machine reads the code.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_PROBLEM = 1
EXIT_USAGE = 2
EXIT_ALREADY_RUNNING = 3
EXIT_PORT_TAKEN = 4
EXIT_DATABASE = 5
EXIT_DISK = 6
EXIT_PERMISSION = 7
EXIT_ARCHIVE = 8


class SupervisorError(Exception):
    """A problem with a name. `code` finds its text in `words.py`, `params` fill it."""

    exit_code = EXIT_PROBLEM

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def __str__(self) -> str:
        from allmende.spine.supervisor.words import message

        return message(self, "en").text


class DatabaseError(SupervisorError):
    exit_code = EXIT_DATABASE


class DatabaseStartFailed(DatabaseError):
    """The server ended instead of becoming ready; `params["log"]` holds its last lines."""


class DataVersionMismatch(DatabaseError):
    """The data folder was written by another major version of PostgreSQL than the one installed."""


class DatabaseUnreachable(DatabaseError):
    """The server of DATABASE_URL cannot be reached or refuses us."""


class DiskFull(SupervisorError):
    exit_code = EXIT_DISK


class PermissionProblem(SupervisorError):
    """A folder cannot be read or written, or belongs to somebody else."""

    exit_code = EXIT_PERMISSION


class AlreadyRunning(SupervisorError):
    """Somebody else holds this data folder; `params` has pid, since, port."""

    exit_code = EXIT_ALREADY_RUNNING


class PortTaken(SupervisorError):
    exit_code = EXIT_PORT_TAKEN


class UsageProblem(SupervisorError):
    exit_code = EXIT_USAGE


class ArchiveProblem(SupervisorError):
    """A backup archive is broken, foreign, or the place it should go to is not empty."""

    exit_code = EXIT_ARCHIVE
