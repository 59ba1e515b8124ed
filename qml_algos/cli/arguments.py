"""Options that several commands take."""

from __future__ import annotations

import argparse
from pathlib import Path

from qml_algos.backends import shipped_names


def positive(text: str) -> int:
    """Read a positive integer."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a positive integer is needed")
    return value


def absolute(path: str | None) -> str | None:
    """Return a path that holds wherever a computation is gone on with."""
    return None if path is None else str(Path(path).expanduser().absolute())


def add_setting(parser: argparse.ArgumentParser, epsilon_help: str | None) -> None:
    """Where to run, how precisely if an error is asked for, from which seed."""
    parser.add_argument(
        "--backend", default="aer", help=f"{', '.join(shipped_names())}, or a .toml file"
    )
    shots_help = "of each circuit (1,000)"
    if epsilon_help is not None:
        parser.add_argument("--epsilon", type=float, default=1e-2, help=f"{epsilon_help} (1e-2)")
        shots_help = "by default what the target error takes"
    parser.add_argument("--shots", type=positive, help=shots_help)
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="of what is drawn and of the simulator; on a device, of the repetition (0)",
    )


def add_machine(parser: argparse.ArgumentParser) -> None:
    """Add the option that says which machine classical solvers are projected to."""
    parser.add_argument(
        "--machine",
        metavar="NAME",
        help="project classical solvers to a larger machine: a100, server-node or exascale "
        "(as measured here)",
    )
