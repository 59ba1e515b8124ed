"""A program with one right answer, and the same as a process that can be killed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives.containers import BitArray, SamplerPubLike

from qml_algos.backends import Ledger, Recorder, backend
from qml_algos.backends.ibm import IBMBackend
from qml_algos.backends.jobs.courier import Patience
from qml_algos.errors import QmlAlgosError

FAST = Patience(settle=0.4, outage=20.0, first_poll=0.02, longest_poll=0.1)
SHOTS = 8
BITS = 3
PATTERNS = [5, 2, 7]


def open_backend(config: Path, ledger: Path, patience: Patience = FAST, **how: Any) -> IBMBackend:
    """Open the device of a description with a ledger, as a user does."""
    opened = backend(config, recorder=Recorder(Ledger(ledger), patience=patience, **how))
    assert isinstance(opened, IBMBackend)
    return opened


def pattern_circuit() -> QuantumCircuit:
    """A circuit that shows, in every shot, the bits whose angles are pi."""
    circuit = QuantumCircuit(BITS)
    for qubit, angle in enumerate(ParameterVector("turn", BITS)):
        circuit.ry(angle, qubit)
    circuit.measure_all()
    return circuit


def angles(patterns: Sequence[int] | np.ndarray) -> np.ndarray:
    """Parameters that make `pattern_circuit` show numbers; shape ``(*patterns.shape, BITS)``."""
    return np.pi * ((np.asarray(patterns)[..., None] >> np.arange(BITS)) & 1)


def shown(bits: BitArray) -> np.ndarray:
    """The number that every shot of a parameter set shows; they must all be the same."""
    words = bits.to_bool_array(order="little") @ (1 << np.arange(bits.num_bits))
    assert (words == words[..., :1]).all()
    return words[..., 0]


def pubs_of(device: IBMBackend, *groups: Sequence[int] | np.ndarray) -> list[SamplerPubLike]:
    """PUBs of the compiled circuit that show groups of numbers."""
    [compiled] = device.compile([pattern_circuit()])
    return [(compiled, angles(group)) for group in groups]


def show(
    device: IBMBackend, *groups: Sequence[int] | np.ndarray, seed: int = 0, shots: int = SHOTS
) -> list[Any]:
    """Have groups of numbers shown, a PUB each in one request, and return what was seen."""
    job = device.sampler(seed).run(pubs_of(device, *groups or (PATTERNS,)), shots=shots)
    return [shown(result.data.meas).tolist() for result in job.result()]


# -- in other processes ---------------------------------------------------------------------------


def in_process(
    environment: dict[str, str],
    folder: Path,
    task: Callable[..., Any],
    arguments: Sequence[Any],
    together: Any = None,
) -> None:
    """Do something in this process, which was made for it; leave in a folder what came of it.

    ``together`` is a barrier to wait at first.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, number in (("stdout", 1), ("stderr", 2)):
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(descriptor, number)
    os.environ.update(environment)
    if together is not None:
        together.wait()
    outcome = task(*arguments)
    (folder / "outcome").write_text(json.dumps(outcome))


def show_in_process(
    config: Path, ledger: Path, groups: Sequence[Sequence[int]], how: dict[str, Any]
) -> Any:
    """`show`, or name and message of the error."""
    try:
        return show(open_backend(config, ledger, **how), *groups)
    except QmlAlgosError as error:
        return [type(error).__name__, str(error)]


def command(arguments: Sequence[str]) -> int:
    """Run the command line; its exit status."""
    from qml_algos.cli import main

    try:
        return main(list(arguments))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
