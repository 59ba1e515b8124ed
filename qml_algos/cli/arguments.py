"""Options that several commands take."""

from __future__ import annotations

import argparse
from typing import get_args

from qml_algos.backends import shipped_names
from qml_algos.linear_systems.amplification import AmplificationMethod
from qml_algos.linear_systems.families import FAMILIES


def positive(text: str) -> int:
    """Read a positive integer."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text}: a positive integer is needed")
    return value


def add_system(parser: argparse.ArgumentParser) -> None:
    """Where linear systems come from."""
    parser.add_argument(
        "--family",
        choices=sorted(FAMILIES),
        default="tridiagonal",
        help="of drawn systems (tridiagonal)",
    )
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


def add_quantum(parser: argparse.ArgumentParser) -> None:
    """Options of quantum solvers."""
    parser.add_argument(
        "--amplification",
        choices=get_args(AmplificationMethod),
        help="amplify the success probability, which is measured first",
    )
    parser.add_argument(
        "--signs", action="store_true", help="measure signs by shots: a circuit for each qubit of x"
    )
    parser.add_argument(
        "--mitigation",
        action="store_true",
        help="correct counts for read-out errors: two calibration circuits",
    )
