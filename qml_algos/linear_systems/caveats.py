"""What stands between a solution's figures and a claim about a quantum computer."""

from __future__ import annotations

from collections.abc import Iterator

from qml_algos.backends import Backend
from qml_algos.backends.base import runs_elsewhere
from qml_algos.linear_systems.access import is_dense
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.readout import Reading


def caveats(
    program: Program, backend: Backend, reading: Reading, epsilon: float
) -> tuple[str, ...]:
    """Say it, in sentences that each begin with their subject."""
    return (
        *_of_construction(program),
        *_of_read_out(program, backend, reading, epsilon),
        *_of_noise(backend, reading),
    )


def _of_construction(program: Program) -> Iterator[str]:
    if program.circuit.metadata["classically_diagonalised"]:
        yield (
            "Classically diagonalised: the circuit was built from the eigenvectors of A, which "
            "cost as much as solving the system. It cannot show a speedup."
        )
    elif is_dense(program.access):
        yield (
            "Dense: building the circuit reads all N^2 entries and takes of order N^3 classical "
            "operations, as much as solving the system. It cannot show a speedup."
        )
    yield (
        "State preparation: loading an arbitrary b takes about 2^n two-qubit gates; those of this "
        "b are counted."
    )


def _of_read_out(
    program: Program, backend: Backend, reading: Reading, epsilon: float
) -> Iterator[str]:
    if reading.shots is None:
        yield (
            "Read-out: the whole vector was read from an exact simulation. A device would need "
            "about N / (4 epsilon^2 p) shots for its absolute values (success probability p)."
        )
        return
    if reading.signs_known:
        yield "Read-out: relative signs were measured; see the probabilities that they are wrong."
    else:
        yield "Read-out: shots give the absolute values of x, not its signs."
    allowed = (program.unknowns - 1) / epsilon**2
    if not backend.noisy and reading.success_probability * reading.shots < 0.9 * allowed:
        yield "Shots: fewer were run than the target error takes; see the standard errors."


def _of_noise(backend: Backend, reading: Reading) -> Iterator[str]:
    if runs_elsewhere(backend):
        yield f"Noise: measured on a device, {backend.name}."
    elif backend.noisy:
        treated = (
            "no error mitigation was used"
            if reading.mitigated is None
            else "read-out errors are corrected in the mitigated figures only"
        )
        yield f"Noise: {backend.name} models gate and readout errors; {treated}."
