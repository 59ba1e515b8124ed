"""``qml-algos backends``."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from qml_algos.backends import shipped_names
from qml_algos.backends.config import IBMConfig, load_config


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    listing = commands.add_parser("backends", help="list where circuits can run")
    listing.set_defaults(run=_backends)


def _backends(_: argparse.Namespace) -> None:
    table = Table(box=None)
    for heading in ("name", "kind", "qubits", "shots", "gates", "description"):
        table.add_column(heading, justify="right" if heading in ("qubits", "shots") else "left")
    for name in shipped_names():
        config = load_config(name)
        limits = config.limits
        if isinstance(config, IBMConfig):
            gates = "the device's"
        else:
            gates = " ".join(config.compile.basis_gates)
        table.add_row(
            name,
            config.kind,
            str(limits.max_qubits),
            f"{limits.max_shots:,}",
            gates,
            config.description,
        )
    console = Console()
    console.print(table)
    console.print(
        "qubits, shots: the largest a circuit may use. A .toml file of your own works too."
    )
