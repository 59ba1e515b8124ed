"""Options that several commands take."""

from __future__ import annotations

import argparse

from qml_algos.backends import shipped_names
from qml_algos.speedup.families import FAMILIES


def positive(text: str) -> int:
    """Read a positive integer."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a positive integer is needed")
    return value


def add_system(parser: argparse.ArgumentParser) -> None:
    """Where linear systems come from."""
    parser.add_argument("--family", choices=sorted(FAMILIES), default="tridiagonal")
    parser.add_argument("--matrix", metavar="FILE.mtx", help="Matrix Market file with A")
    parser.add_argument("--rhs", metavar="FILE.mtx", help="Matrix Market file with b")


def add_run(parser: argparse.ArgumentParser) -> None:
    """Where to run, how precisely, from which seed."""
    parser.add_argument(
        "--backend", default="aer", help=f"{', '.join(shipped_names())}, or a .toml file"
    )
    parser.add_argument("--epsilon", type=float, default=1e-2, help="target relative error (1e-2)")
    parser.add_argument("--shots", type=positive, help="by default what the target error takes")
    parser.add_argument(
        "--seed",
        type=int,
        default=0,
        help="of the systems and the simulator; on a device, of the repetition (0)",
    )
