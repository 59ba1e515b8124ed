"""``qml-algos devices``: models that circuits are projected on."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from qml_algos.errors import InvalidProblemError

if TYPE_CHECKING:
    from circuits.costs import GateCounts
    from qml_algos.speedup.devices import DeviceModel, FaultTolerantEstimate

ESTIMATORS = ("auto", "qdk", "formulas")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    devices = commands.add_parser(
        "devices", help="list device models, and estimate what a circuit takes on one"
    )
    devices.add_argument("name", nargs="?", metavar="NAME", help="a model, or a .toml file")
    circuit = devices.add_mutually_exclusive_group()
    circuit.add_argument("--qasm", metavar="FILE", help="circuit in OpenQASM 3 or 2 to estimate")
    circuit.add_argument(
        "--counts",
        nargs="+",
        metavar="KEY=NUMBER",
        help="counts to estimate instead: qubits=16 t_gates=45 rotations=315 ...; depths that are "
        "not given are those of gates one after another",
    )
    devices.add_argument("--runs", type=float, default=1.0, help="how often it is run (1)")
    devices.add_argument(
        "--estimator",
        choices=ESTIMATORS,
        default="auto",
        help="of fault-tolerant devices: qdk if it is installed and can (auto)",
    )
    devices.set_defaults(run=_devices)


def _devices(options: argparse.Namespace) -> None:
    # Only who asks for a device waits for its package.
    from qml_algos.speedup.devices import device_model

    console = Console()
    if options.name is None:
        if options.qasm is not None or options.counts is not None:
            raise InvalidProblemError("device: name the one to estimate on")
        _list(console)
        return
    model = device_model(options.name)
    counts = _counts(options)
    if counts is None:
        _show(model, console)
    else:
        _estimate(model, counts, options, console)


def _list(console: Console) -> None:
    from qml_algos.speedup.devices import DEVICE_MODELS, device_model

    table = Table("name", "kind", "description", box=None)
    for name in DEVICE_MODELS:
        model = device_model(name)
        table.add_row(name, model.kind, model.description)
    console.print(table)
    console.print("'qml-algos devices NAME' shows constants and sources. A .toml file works too.")


def _show(model: DeviceModel, console: Console) -> None:
    shown = model.to_json()
    console.print(f"{model.name} ({model.kind}): {model.description}", highlight=False)
    table = Table("constant", "value", box=None)
    table.columns[1].justify = "right"
    for section, values in shown.items():
        if isinstance(values, dict) and section != "sources":
            for key, value in values.items():
                if isinstance(value, int | float):
                    table.add_row(f"{section}.{key}", f"{value:,}")
    console.print(table)
    for section, source in shown["sources"].items():
        line = f"{section}: {source['source']} ({source['as_of']})"
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def _counts(options: argparse.Namespace) -> GateCounts | None:
    from circuits.costs import GateCounts, count_gates

    if options.qasm is not None:
        from qml_algos.speedup.devices.qasm import read_qasm

        return count_gates(read_qasm(options.qasm), resolve_angles=True)
    if options.counts is None:
        return None
    known = [field.name for field in fields(GateCounts)]
    given = dict(_count(word, known) for word in options.counts)
    if given.get("qubits", 0) < 1:
        raise InvalidProblemError("--counts: at least qubits=1 is needed")
    serial = {
        "two_qubit_depth": given.get("two_qubit_gates", 0) + given.get("toffolis", 0),
        "rotation_depth": given.get("rotations", 0),
    }
    return GateCounts(**(serial | given))


def _count(word: str, known: list[str]) -> tuple[str, int | float]:
    key, _, text = word.partition("=")
    if key not in known:
        raise InvalidProblemError(f"--counts {word!r}: must be KEY=NUMBER of {', '.join(known)}")
    try:
        value: int | float = int(text) if text.isdecimal() else float(text)
    except ValueError:
        value = -1
    if not 0 <= value < float("inf"):
        raise InvalidProblemError(f"--counts {word!r}: a finite number from 0 is needed")
    return key, value


def _estimate(
    model: DeviceModel, counts: GateCounts, options: argparse.Namespace, console: Console
) -> None:
    from qml_algos.speedup.devices import FaultTolerantDevice

    if not 0 < options.runs < float("inf"):
        raise InvalidProblemError(f"--runs {options.runs}: a finite number above 0 is needed")
    table = Table(show_header=False, box=None)
    for field in fields(counts):
        table.add_row(field.name.replace("_", " "), _number(getattr(counts, field.name)))
    table.add_section()
    done = model.execution(counts, options.runs)
    rows = [
        ("seconds of a run", _number(done.seconds_per_run)),
        ("seconds of all runs", _number(done.seconds)),
        ("runs, those lost included", _number(done.runs)),
        ("probability of no error", _number(done.fidelity)),
    ]
    if isinstance(model, FaultTolerantDevice):
        rows = _resources(model.estimate(counts, estimator=options.estimator)) + rows[1:]
    for row in rows:
        table.add_row(*row)
    console.print(f"{model.name} ({model.kind})", highlight=False)
    console.print(table)
    if done.reason is not None:
        console.print(f"Not feasible. {done.reason}", soft_wrap=True, highlight=False)


def _resources(estimate: FaultTolerantEstimate) -> list[tuple[str, str]]:
    return [
        ("physical qubits", _number(estimate.qubits)),
        ("of these in T factories", _number(estimate.factory_qubits)),
        ("T factories", _number(estimate.factories)),
        ("code distance", _number(estimate.code_distance)),
        ("logical qubits", _number(estimate.logical_qubits)),
        ("logical cycles", _number(estimate.cycles)),
        ("T states", _number(estimate.t_states)),
        ("T states a rotation", _number(estimate.t_states_per_rotation)),
        ("estimated by", estimate.estimator),
        ("seconds of a run", _number(estimate.seconds)),
    ]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) and value < 10**9 else f"{float(value):.4g}"
