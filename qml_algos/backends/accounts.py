"""Accounts of IBM Quantum, in the file that IBM's client keeps them in.

The client writes that file, which holds tokens in clear text, with whatever mode the umask leaves:
usually readable by everybody on the machine. Here the client works on a private copy, made with
mode 0600, which then takes the file's place in one step. So at no moment can others read a token,
a crash leaves either the old file or the new one, and the umask, which all threads share, stays as
it is. Nothing here uses the network.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import stat
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qml_algos.backends.credentials import HIDDEN, hide_credentials
from qml_algos.errors import AccountError, UnknownNameError

_CHANNEL = "ibm_quantum_platform"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,40}")
_PRIVATE_FOLDER = 0o700
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class ExposedAccountWarning(UserWarning):
    """Others can read the file with the accounts' tokens."""


def accounts_file() -> Path:
    """File in which IBM's client looks for accounts; it need not exist.

    The client knows no environment variable for it, only the home directory.
    """
    return Path("~/.qiskit/qiskit-ibm.json").expanduser()


def save_account(
    name: str, token: str, instance: str | None = None, *, overwrite: bool = False
) -> Path:
    """Save an account for the key ``account`` of a backend's description.

    The file gets mode 0600 and its folder 0700, also if they existed with wider ones.

    Parameters
    ----------
    name
        Name to save it under: at most 41 letters, digits, ``_``, ``.`` and ``-``.
    token
        API key of IBM Cloud. It is not checked: that would need the network.
    instance
        Cloud resource name or name of the instance to use; without it the client looks through
        all those of the account.
    overwrite
        Whether an account of this name may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    AccountError
        If name, token or instance cannot be what they claim to be, if the account exists and may
        not be replaced, or if the file cannot be read or written. The message holds no token.
    """
    _check_name(name)
    _check_secret("token", token)
    if any(character.isspace() for character in token):
        raise AccountError("token: holds a space or a line break; it must be one word")
    if instance is not None:
        _check_secret("instance", instance)
    file = accounts_file()
    if name in _read(file) and not overwrite:
        raise AccountError(f"account {name!r} exists in {file}: ask for it to be overwritten")
    # Importing it takes two seconds, which only those who use it should spend.
    from qiskit_ibm_runtime import QiskitRuntimeService

    with _private_copy(file, token) as copy:
        QiskitRuntimeService.save_account(
            channel=_CHANNEL,
            token=token,
            instance=instance,
            name=name,
            filename=str(copy),
            overwrite=overwrite,
        )
    return file


def list_accounts() -> list[str]:
    """Names of the saved accounts, sorted; never anything else of them.

    Raises
    ------
    AccountError
        If the file cannot be read.
    """
    return sorted(_read(accounts_file()))


def require_account(name: str) -> None:
    """Refuse the name of an account that is not saved.

    Raises
    ------
    UnknownNameError
        Listing those that are.
    AccountError
        If the file cannot be read.
    """
    known = list_accounts()
    if name not in known:
        raise UnknownNameError("account", name, known or ["none"])


def delete_account(name: str) -> None:
    """Delete a saved account.

    Raises
    ------
    UnknownNameError
        If there is none of this name; the message lists those there are.
    AccountError
        If the file cannot be read or written.
    """
    require_account(name)
    from qiskit_ibm_runtime import QiskitRuntimeService

    with _private_copy(accounts_file()) as copy:
        QiskitRuntimeService.delete_account(filename=str(copy), name=name, channel=_CHANNEL)


def warn_if_exposed(file: Path | None = None) -> None:
    """Warn if others can read the file with the accounts.

    Parameters
    ----------
    file
        By default `accounts_file`. If it does not exist, nothing happens.

    Warns
    -----
    ExposedAccountWarning
        Naming the file and the command that helps.
    """
    file = accounts_file() if file is None else file
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return
    if mode & _OTHERS:
        warnings.warn(
            f"{file} has mode {mode:04o}: others on this machine can get at the tokens in it; run "
            f"'chmod 600 {shlex.quote(str(file))}'",
            ExposedAccountWarning,
            stacklevel=2,
        )


def _check_name(name: object) -> None:
    if not isinstance(name, str) or _NAME.fullmatch(name) is None:
        # Somebody may have put the token in the name's place.
        shown = hide_credentials(name) if isinstance(name, str) else type(name).__name__
        raise AccountError(
            f"name = {shown!r}: must be 1 to 41 letters, digits, '_', '.' and '-', the first a "
            "letter or digit"
        )
    if hide_credentials(name) != name:
        raise AccountError(f"name = {HIDDEN}: looks like a credential; names are shown")


def _check_secret(what: str, value: object) -> None:
    """Refuse what is no line of text, without showing it."""
    if not isinstance(value, str):
        raise AccountError(f"{what}: must be text, not {type(value).__name__}")
    if not value.strip():
        raise AccountError(f"{what}: is empty")
    if value != value.strip() or "\n" in value:
        raise AccountError(f"{what}: begins or ends with a space, or holds a line break")
    if not (value.isascii() and value.isprintable()):
        raise AccountError(f"{what}: holds characters that no {what} has")


def _read(file: Path) -> dict[str, object]:
    """Read all accounts. Not through the client, which would make the file if there is none."""
    try:
        content = json.loads(file.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise AccountError(f"{file}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        # The exception itself holds the whole file.
        raise AccountError(f"{file}: not valid JSON; repair or move it away") from None
    if not isinstance(content, dict):
        raise AccountError(f"{file}: must hold a JSON object; repair or move it away")
    return content


@contextmanager
def _private_copy(file: Path, token: str = HIDDEN) -> Iterator[Path]:
    """Copy of a file that only its owner can read; at the end it takes the file's place."""
    # Where a link leads, so that the link stays one.
    file = file.resolve()
    try:
        file.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        file.parent.chmod(_PRIVATE_FOLDER)
        # A folder rather than a file: the client may leave others beside its own.
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".qml-algos-") as folder:
            copy = Path(folder) / file.name
            copy.touch(mode=0o600)
            if file.exists():
                shutil.copyfile(file, copy)
            else:
                copy.write_text("{}")
            yield copy
            copy.replace(file)
    except OSError as error:
        raise AccountError(f"{file}: cannot be written ({error.strerror})") from None
    except Exception as error:
        reason = hide_credentials(str(error).replace(token, HIDDEN))
        raise AccountError(f"{file}: IBM's client refuses ({reason})") from None
