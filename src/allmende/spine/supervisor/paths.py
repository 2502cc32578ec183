"""Where a town keeps its things: the data folder, and a short private folder for sockets."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor.errors import PermissionProblem
from allmende.spine.supervisor.faults import named_problem

SYSTEM_DATA = Path("/var/lib/allmende")


@dataclass(frozen=True)
class Layout:
    """The folders of one town. `data` is absolute and free of symbolic links, so that one town has one
    name."""

    data: Path

    @classmethod
    def of(cls, data: Path | str) -> Layout:
        return cls(Path(data).expanduser().resolve())

    @property
    def digest(self) -> str:
        """Twelve hex digits that stand for this data folder in short paths."""
        return hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def log(self) -> Path:
        return self.data / "log"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def runtime(self) -> Path:
        """The short folder for sockets: their paths must stay below 100 bytes (sockaddr_un has 104 to
        108)."""
        uid = os.geteuid()
        if uid == 0 and os.access("/run", os.W_OK):
            return Path("/run") / f"allmende-{self.digest}"
        return Path("/tmp") / f"allmende-{self.digest}-{uid}"  # noqa: S108 - checked in private_folder()

    def ensure(self) -> Layout:
        """Make the folders; a folder that exists keeps its owner and mode. Raises PermissionProblem,
        DiskFull."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.log):
                folder.mkdir(exist_ok=True)
        except OSError as exc:
            raise named_problem(exc, self.data) from exc
        # The server of another user (as root) must be able to reach its socket below this folder, not to list
        # it.
        private_folder(self.runtime, 0o711 if os.geteuid() == 0 else 0o700)
        return self

    def tidy(self) -> None:
        """Remove what is empty or only written for a server that has ended; sockets of others keep the folder."""
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            with contextlib.suppress(OSError):
                (self.runtime / "conf" / name).unlink()
        for folder in (self.runtime / "conf", self.runtime / "pg", self.runtime):
            with contextlib.suppress(OSError):
                folder.rmdir()


def private_folder(path: Path, mode: int) -> None:
    """Make `path` or make sure that the existing one is ours: in /tmp somebody else may have been faster."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as exc:
        raise named_problem(exc, path) from exc
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionProblem("foreign_folder", path=path, uid=found.st_uid)
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)


def default_data() -> Path:
    """The data folder when nobody names one: $DATA, `var` of a checkout, else the usual place of the
    system."""
    if named := os.environ.get("DATA"):
        return Path(named)
    if Path("Makefile").is_file() and Path("src/allmende").is_dir():
        return Path("var")
    if os.geteuid() == 0:
        return SYSTEM_DATA
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "allmende"
