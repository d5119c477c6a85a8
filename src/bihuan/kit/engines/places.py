"""Which account runs the embedded PostgreSQL, and where its files may lie so that this account reaches them.

PostgreSQL refuses to run as root. When we are root, it runs under an unprivileged account, which often cannot enter
the folders we were started in (/root, a private temporary folder). No folder that was not given to us gets other
permissions for that: files go to /var/lib/bihuan instead.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

Account = tuple[int, int]

ELSEWHERE = Path("/var/lib/bihuan")
ACCOUNTS = ("postgres", "nobody", "daemon")
OWNER_NOTE = "data-folder"
DISPOSABLE_NOTE = "disposable"


def server_account(existing: Path | None) -> Account | None:
    """(uid, gid) for the server, None to stay who we are. An `existing` cluster keeps its owner."""
    if os.geteuid() != 0:
        return None
    if existing is not None and existing.stat().st_uid != 0:
        owner = existing.stat()
        return owner.st_uid, owner.st_gid
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError(f"PostgreSQL does not run as root, and none of the accounts {', '.join(ACCOUNTS)} exists.")


def as_account(account: Account | None) -> dict[str, Any]:
    """Arguments of subprocess.run for running under the account."""
    return {} if account is None else {"user": account[0], "group": account[1], "extra_groups": []}


def can_run(program: Path, account: Account) -> bool:
    """Whether the account can start the program with all its libraries."""
    try:
        done = subprocess.run(  # noqa: S603
            [str(program), "--version"], check=False, capture_output=True, cwd="/", **as_account(account)
        )
    except OSError:
        return False
    return done.returncode == 0


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the account can pass through the folder."""
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        check=False,
        capture_output=True,
        cwd="/",
        **as_account(account),
    )
    return done.returncode == 0


def settle(home: Path, account: Account | None, *, disposable: bool) -> None:
    """Make the folder `home` for the account, or make it a link to a folder in /var/lib/bihuan.

    Disposable homes there, and those of data folders in the system's temporary folder, are removed once the data folder
    they belonged to is gone; others never, see `forget`.
    """
    if home.exists():
        return
    home.unlink(missing_ok=True)  # a link whose target was removed
    if account is None or can_enter(home.parent, account):
        private_folder(home, account)
        return
    _sweep()
    # A new name each time: a home whose data folder was removed by hand has another password.
    target = ELSEWHERE / f"{home.parent.name}-{token_hex(6)}"
    _elsewhere()
    private_folder(target, account)
    (target / OWNER_NOTE).write_text(str(home.parent.resolve()))
    if disposable or home.parent.resolve().is_relative_to(Path(tempfile.gettempdir()).resolve()):
        (target / DISPOSABLE_NOTE).touch()
    home.symlink_to(target)


def forget(data_dir: Path) -> None:
    """Remove a data folder with everything that lies elsewhere for it. Only when nothing runs there."""
    for note in ELSEWHERE.glob(f"*/{OWNER_NOTE}"):
        if Path(note.read_text()) == data_dir.resolve():
            shutil.rmtree(note.parent, ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)


def private_folder(folder: Path, account: Account | None) -> None:
    """Make a folder that only the account can enter; an existing one must already be that.

    Raises PermissionError when somebody else made it first (the fallback for sockets is in /tmp, open to all).
    """
    try:
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, *account)
    except FileExistsError:
        found = folder.lstat()
        owner = account[0] if account else os.geteuid()
        if folder.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise PermissionError(f"{folder} belongs to somebody else or is open to others. Remove it.") from None


def shared_copy(package: Path, name: str, only: Sequence[str]) -> Path:
    """A copy of some folders of an installed package, and of its `.libs`, that every account can read.

    The neighbourhood stays as it was, since programs find their libraries relative to themselves.
    """
    place = _elsewhere() / name
    if not place.exists():
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.", dir=ELSEWHERE))
        for part in only:
            if (package / part).exists():
                shutil.copytree(package / part, draft / package.name / part, ignore=shutil.ignore_patterns("include"))
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            draft.rename(place)
        except OSError:  # another process was faster
            shutil.rmtree(draft)
    return place / package.name


def _elsewhere() -> Path:
    if not ELSEWHERE.exists():
        ELSEWHERE.mkdir(parents=True, exist_ok=True)
        ELSEWHERE.chmod(0o711)  # ours: others may pass through to what is theirs
    return ELSEWHERE


def _sweep() -> None:
    """Remove disposable homes whose data folder is gone."""
    for note in ELSEWHERE.glob(f"*/{DISPOSABLE_NOTE}"):
        owner = note.with_name(OWNER_NOTE)
        if owner.exists() and not Path(owner.read_text()).exists():
            shutil.rmtree(note.parent, ignore_errors=True)
