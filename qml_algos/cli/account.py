"""``qml-algos account``."""

from __future__ import annotations

import argparse
import getpass
import os
import sys

from qml_algos.backends import accounts
from qml_algos.errors import AccountError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    account = commands.add_parser("account", help="save, list and delete accounts of IBM Quantum")
    actions = account.add_subparsers(required=True, metavar="ACTION")
    save = actions.add_parser(
        "save",
        help="save an account, readable by you only",
        description="The key is taken from QISKIT_IBM_TOKEN, or asked for; never from the command "
        "line, where other users can see it.",
    )
    save.add_argument("name", metavar="NAME")
    save.add_argument("--instance", help="cloud resource name of the instance, or its name")
    save.add_argument("--overwrite", action="store_true", help="replace an account of this name")
    save.set_defaults(run=_save)
    actions.add_parser("list", help="names of the accounts").set_defaults(run=_list)
    delete = actions.add_parser("delete", help="forget an account")
    delete.add_argument("name", metavar="NAME")
    delete.set_defaults(run=_delete)


def _save(options: argparse.Namespace) -> None:
    token = os.environ.get("QISKIT_IBM_TOKEN") or _asked()
    instance = options.instance or os.environ.get("QISKIT_IBM_INSTANCE")
    file = accounts.save_account(options.name, token, instance, overwrite=options.overwrite)
    print(f"Saved account {options.name!r} in {file}, readable by you only.")


def _asked() -> str:
    if not sys.stdin.isatty():
        raise AccountError("no API key: set QISKIT_IBM_TOKEN, or run this in a terminal")
    return getpass.getpass("API key (not shown): ")


def _list(_: argparse.Namespace) -> None:
    for name in accounts.list_accounts():
        print(name)


def _delete(options: argparse.Namespace) -> None:
    accounts.delete_account(options.name)
    print(f"Deleted account {options.name!r}.")
