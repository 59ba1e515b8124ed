"""Accounts: nobody but their owner can read a token, at any moment, in a file or a message."""

import json
import logging
import os
import socket
import stat
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from qiskit_ibm_runtime import QiskitRuntimeService
from qiskit_ibm_runtime.accounts import management

from qml_algos.backends import accounts
from qml_algos.backends.accounts import ExposedAccountWarning
from qml_algos.errors import AccountError, UnknownNameError

TOKEN = "Xk3-planted_9QzT7vLw0aBcDeFgHiJkLmNoPqRsTuVw"
OTHER = "Ym8_another-5RzU6wMx1bCdEfGhIjKlMnOpQrStUvWx"
CRN = "crn:v1:bluemix:public:quantum-computing:us-east:a/0123456789abcdef:planted::"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Home folder of its own, the umask of most machines, and no network."""

    def refuse(*_: object) -> None:
        raise AssertionError("nothing here may use the network")

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    before = os.umask(0o022)
    yield tmp_path
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_file_is_the_one_that_the_client_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert str(accounts.accounts_file()) == management._DEFAULT_ACCOUNT_CONFIG_JSON_FILE


def test_a_new_account_is_private_and_the_client_finds_it() -> None:
    file = accounts.save_account("mine", TOKEN, CRN)
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    [saved] = QiskitRuntimeService.saved_accounts(filename=str(file)).values()
    assert (saved["token"], saved["instance"]) == (TOKEN, CRN)
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert os.umask(0o022) == 0o022, "the umask is left alone"


def test_an_exposed_file_and_folder_are_tightened() -> None:
    file = accounts.accounts_file()
    QiskitRuntimeService.save_account(token=OTHER, name="theirs", filename=str(file))
    assert mode(file) == 0o644, "otherwise this module is not needed any more"
    accounts.save_account("mine", TOKEN)
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert accounts.list_accounts() == ["mine", "theirs"]
    file.chmod(0o644)
    accounts.delete_account("theirs")
    assert mode(file) == 0o600


def test_the_client_never_writes_to_a_file_that_others_can_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    save = QiskitRuntimeService.save_account
    seen = []

    def watched(**options: object) -> None:
        seen.append((mode(Path(str(options["filename"]))), "before"))
        save(**options)
        seen.append((mode(Path(str(options["filename"]))), "after"))

    monkeypatch.setattr(QiskitRuntimeService, "save_account", watched)
    accounts.save_account("mine", TOKEN)
    accounts.accounts_file().chmod(0o644)
    accounts.save_account("mine", OTHER, overwrite=True)
    assert seen == 2 * [(0o600, "before"), (0o600, "after")]


@pytest.mark.parametrize("token", [TOKEN, "swordfish"])
def test_a_failure_leaves_the_old_file_and_shows_no_token(
    monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    file = accounts.save_account("mine", OTHER)
    before = file.read_bytes()

    def fail(filename: str, token: str, **_: object) -> None:
        Path(filename).write_text(token)
        raise ValueError(f"refused {token} of {CRN}")

    monkeypatch.setattr(QiskitRuntimeService, "save_account", fail)
    with pytest.raises(AccountError, match="client refuses") as caught:
        accounts.save_account("second", token)
    shown = "".join(traceback.format_exception(caught.value))
    assert token not in shown
    assert "0123456789abcdef" not in shown
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_a_link_to_the_file_stays_one(home: Path) -> None:
    real = home / "elsewhere" / "accounts.json"
    link = accounts.accounts_file()
    link.parent.mkdir()
    real.parent.mkdir()
    real.write_text("{}")
    link.symlink_to(real)
    accounts.save_account("mine", TOKEN)
    assert link.is_symlink()
    assert TOKEN in real.read_text()
    assert mode(real) == 0o600


def test_an_account_is_replaced_only_when_asked() -> None:
    file = accounts.save_account("mine", OTHER)
    with pytest.raises(AccountError, match="'mine' exists in"):
        accounts.save_account("mine", TOKEN)
    assert OTHER in file.read_text()
    accounts.save_account("mine", TOKEN, overwrite=True)
    assert TOKEN in file.read_text()
    assert OTHER not in file.read_text()


def test_listing_gives_names_only_and_makes_no_file() -> None:
    assert accounts.list_accounts() == []
    assert not accounts.accounts_file().exists()
    accounts.save_account("second", TOKEN)
    accounts.save_account("first", OTHER)
    assert accounts.list_accounts() == ["first", "second"]


def test_unknown_accounts_are_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="unknown account 'none'; known: none"):
        accounts.delete_account("none")
    accounts.save_account("first", TOKEN)
    accounts.save_account("second", TOKEN)
    for function in (accounts.delete_account, accounts.require_account):
        with pytest.raises(UnknownNameError, match="'third'; known: first, second"):
            function("third")
    accounts.require_account("first")
    accounts.delete_account("first")
    assert accounts.list_accounts() == ["second"]


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o666, 0o620])
def test_an_exposed_file_is_warned_of_with_the_command_that_helps(home: Path, bits: int) -> None:
    file = home / "a file.json"
    file.write_text("{}")
    file.chmod(bits)
    with pytest.warns(ExposedAccountWarning, match=f"mode {bits:04o}.*chmod 600 '{file}'"):
        accounts.warn_if_exposed(file)


def test_a_private_or_missing_file_is_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        accounts.warn_if_exposed()
        accounts.save_account("mine", TOKEN)
        accounts.warn_if_exposed()


SAVE: list[tuple[Callable[[], object], str]] = [
    (lambda: accounts.save_account("mine", ""), "token: is empty"),
    (lambda: accounts.save_account("mine", "  "), "token: holds|token: is empty"),
    (lambda: accounts.save_account("mine", f"{TOKEN}\n"), "token: begins or ends"),
    (lambda: accounts.save_account("mine", f"{TOKEN} {TOKEN}"), "token: holds a space"),
    (lambda: accounts.save_account("mine", f"{TOKEN}\x07"), "token: holds characters"),
    (lambda: accounts.save_account("mine", f"{TOKEN}é"), "token: holds characters"),
    (lambda: accounts.save_account("mine", TOKEN.encode()), "token: must be text, not bytes"),  # type: ignore[arg-type]
    (lambda: accounts.save_account("mine", TOKEN, f"{CRN}\n"), "instance: begins or ends"),
    (lambda: accounts.save_account("mine", TOKEN, ""), "instance: is empty"),
    (lambda: accounts.save_account(TOKEN, TOKEN), r"name = '\(hidden\)'"),
    (lambda: accounts.save_account(TOKEN[:40], TOKEN), r"name = \(hidden\)"),
    (lambda: accounts.save_account("", TOKEN), "name = ''"),
    (lambda: accounts.save_account("../up", TOKEN), "name = '../up'"),
    (lambda: accounts.save_account(None, TOKEN), "name = 'NoneType'"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("save", "words"), SAVE)
def test_bad_input_is_refused_before_anything_is_written_and_never_shown(
    save: Callable[[], object],
    words: str,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(AccountError, match=words) as caught:
        save()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caplog.text
    shown += "".join(capsys.readouterr())
    assert TOKEN[:30] not in shown
    assert CRN not in shown
    assert not accounts.accounts_file().exists()


def test_no_message_of_a_whole_session_holds_a_token(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        file = accounts.save_account("mine", TOKEN, CRN)
        file.chmod(0o644)
        accounts.warn_if_exposed()
        listed = accounts.list_accounts()
        accounts.save_account("mine", TOKEN, CRN, overwrite=True)
        accounts.delete_account("mine")
    shown = caplog.text + repr(listed) + "".join(capsys.readouterr())
    shown += "".join(str(warning.message) for warning in warned)
    assert TOKEN not in shown
    assert CRN not in shown
    assert "mine" in shown


@pytest.mark.parametrize("content", [f'{{"a": "{TOKEN}"', f'["{TOKEN}"]', "[" * 100_000, "\xff"])
def test_a_broken_file_is_named_but_not_quoted_and_stays(content: str) -> None:
    file = accounts.accounts_file()
    file.parent.mkdir()
    file.write_bytes(content.encode("latin-1"))
    for function in (
        accounts.list_accounts,
        lambda: accounts.save_account("mine", OTHER),
        lambda: accounts.delete_account("mine"),
    ):
        with pytest.raises(AccountError, match="repair or move it away") as caught:
            function()
        assert str(file) in str(caught.value)
        assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert file.read_bytes() == content.encode("latin-1")


def test_a_place_that_cannot_be_written_is_named(home: Path) -> None:
    (home / ".qiskit").write_text("a file in the folder's place")
    with pytest.raises(AccountError, match=r"qiskit-ibm.json: cannot be (read|written)"):
        accounts.save_account("mine", TOKEN)


def test_other_accounts_in_the_file_are_kept_as_they_are() -> None:
    file = accounts.accounts_file()
    file.parent.mkdir()
    old = {"legacy": {"channel": "ibm_quantum", "token": OTHER, "url": "https://example.org"}}
    file.write_text(json.dumps(old))
    accounts.save_account("mine", TOKEN)
    assert json.loads(file.read_text())["legacy"] == old["legacy"]
