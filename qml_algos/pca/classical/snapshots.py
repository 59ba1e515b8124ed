"""Classical shadows: measurements in random bases, and the density matrix they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.quantum_info import Clifford, random_clifford

from qml_algos.backends.execution import Executed
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError

Ensemble = Literal["pauli", "clifford"]
REGISTER = "shadow"
GROUPS = 20
"""Parts of the snapshots that are left out in turn to find errors."""
MAX_QUBITS = 8
"""Qubits whose density matrix is written down."""
MAX_BASES = 1000
"""Circuits sent in one job, unless more are asked for."""
_LETTERS = "XYZ"
_ROTATIONS = {
    "X": np.array([[1, 1], [1, -1]]) / np.sqrt(2),
    "Y": np.array([[1, -1j], [1, 1j]]) / np.sqrt(2),
    "Z": np.eye(2),
}


@dataclass(frozen=True, eq=False)
class Plan:
    """Bases and how often each is measured.

    Attributes
    ----------
    qubits
        Number n of qubits measured.
    bases
        Letters of Pauli bases, qubit 0 last, or Cliffords.
    shots
        Copies of the state measured in each.
    complete
        Whether these are all bases, so that which were drawn leaves no error.
    """

    qubits: int
    bases: tuple[str, ...] | tuple[Clifford, ...]
    shots: int
    complete: bool

    @property
    def copies(self) -> int:
        """Copies of the state in all."""
        return self.shots * len(self.bases)


def shadow_copies(qubits: int, epsilon: float, ensemble: Ensemble = "pauli") -> int:
    """Count the copies from which an eigenvalue's standard error is at most epsilon.

    Each copy has a basis of its own. For a unit vector v a snapshot S has ``E[<v|S|v>^2] <= 3^n``
    in Pauli bases, as ``<v|S|v>^2 <= <v|S^2|v>`` and ``E[S^2] <= 3^n``, and at most 3 in Clifford
    bases, whatever n (Huang, Kueng and Preskill 2020, shadow norm of the Clifford ensemble). All
    Pauli bases in equal shares do no worse. The eigenvectors' own error changes the eigenvalue in
    second order.
    """
    _require_ensemble(ensemble)
    return ceil((3**qubits if ensemble == "pauli" else 3) / epsilon**2)


def plan_snapshots(
    qubits: int, copies: int, bases: int | None, ensemble: Ensemble, generator: np.random.Generator
) -> Plan:
    """Draw bases, all of them where copies and circuits allow it.

    Parameters
    ----------
    qubits
        Number n of qubits measured, at most 8.
    copies
        Least number of copies; rounded up to equal shares.
    bases
        Number of different bases, each a circuit; ``None`` for all Pauli bases if there are at
        most 1,000 and 20 copies for each, and otherwise for as many as there are copies, up to
        1,000.
    ensemble
        ``"pauli"`` (a Pauli basis for every qubit) or ``"clifford"`` (a random Clifford).
    generator
        Draws the bases.

    Raises
    ------
    InvalidProblemError
        If there are too few copies or bases for errors to be found: says how many are needed.
    TooLargeError
        If there are more than 8 qubits.
    UnknownNameError
        If there is no such ensemble.
    """
    _require_ensemble(ensemble)
    if qubits > MAX_QUBITS:
        raise TooLargeError(
            f"{qubits} qubits: shadows write their density matrix down, on at most {MAX_QUBITS}"
        )
    every = 3**qubits if ensemble == "pauli" else None
    if bases is None:
        whole = every is not None and every <= MAX_BASES and copies >= GROUPS * every
        bases = every if whole and every is not None else min(copies, MAX_BASES)
    bases = bases if every is None else min(bases, every)
    complete = bases == every
    shots = ceil(copies / bases)
    parts = shots if complete else bases
    if parts < GROUPS:
        what = f"copies = {copies}: measuring all {bases} bases" if complete else f"bases = {bases}"
        least = GROUPS * bases if complete else GROUPS
        raise InvalidProblemError(
            f"{what} needs at least {least} {'copies' if complete else 'bases'}, so that leaving "
            f"out each of {GROUPS} parts can show the errors"
        )
    if ensemble == "pauli":
        return Plan(qubits, _pauli_bases(qubits, bases, generator), shots, complete)
    cliffords = tuple(random_clifford(qubits, seed=generator) for _ in range(bases))
    return Plan(qubits, cliffords, shots, complete)


def snapshot_circuits(
    circuit: QuantumCircuit, system: Sequence[int], plan: Plan
) -> list[QuantumCircuit]:
    """Append to a circuit each basis of a plan and its measurement into register ``shadow``."""
    return [_measured(circuit, system, basis) for basis in plan.bases]


def grouped_sums(
    executed: Executed, plan: Plan
) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """Sum the snapshots of each of 20 groups, and count them.

    Groups are parts of the shots of every basis if the bases are all there are, and otherwise
    groups of bases: what varies between groups is then what varies between repetitions.

    Returns
    -------
    tuple
        Shapes ``(20, 2**n, 2**n)`` and ``(20,)``.
    """
    size = 2**plan.qubits
    sums = np.zeros((GROUPS, size, size), dtype=complex)
    numbers = np.zeros(GROUPS, dtype=np.int64)
    for i, basis in enumerate(plan.bases):
        outcomes = executed.numbers(i, REGISTER)
        groups = np.arange(outcomes.size) % GROUPS if plan.complete else i % GROUPS
        counts = np.bincount(groups * size + outcomes, minlength=GROUPS * size)
        counts = counts.reshape(GROUPS, size)
        used = counts.any(axis=1)
        sums[used] += snapshot_sums(counts[used], basis)
        numbers += counts.sum(axis=1)
    return sums, numbers


def snapshot_sums(counts: NDArray[np.int64], basis: str | Clifford) -> NDArray[np.complex128]:
    """Sum the inverted measurement channel over the outcomes of a basis, for each row of counts.

    Parameters
    ----------
    counts
        Of the outcomes, shape ``(groups, 2**n)``.
    basis
        Letters of a Pauli basis, qubit 0 last, or a Clifford.

    Returns
    -------
    NDArray
        Shape ``(groups, 2**n, 2**n)``: over the number of counts, estimates of the density matrix.
    """
    groups, size = counts.shape
    if isinstance(basis, Clifford):
        U = basis.to_matrix()
        found: NDArray[np.complex128] = (size + 1) * (U.conj().T * counts[:, None]) @ U
        return found - counts.sum(axis=1)[:, None, None] * np.eye(size)
    # (x)_q (3 U_q^H |s_q><s_q| U_q - 1), contracted with the counts a qubit at a time.
    total = counts.reshape(groups, 1, 1, size).astype(complex)
    for letter in basis:
        U = _ROTATIONS[letter]
        inverted = 3 * np.einsum("si,sj->sij", U.conj(), U) - np.eye(2)
        _, rows, columns, left = total.shape
        halves = total.reshape(groups, rows, columns, 2, left // 2)
        total = np.einsum("grcsx,sij->gricjx", halves, inverted)
        total = total.reshape(groups, 2 * rows, 2 * columns, left // 2)
    return total[..., 0]


def _pauli_bases(qubits: int, count: int, generator: np.random.Generator) -> tuple[str, ...]:
    every = ["".join(letters) for letters in product(_LETTERS, repeat=qubits)]
    chosen = np.sort(generator.choice(len(every), size=count, replace=False))
    drawn = chosen if count == len(every) else generator.permutation(chosen)
    return tuple(every[k] for k in drawn)


def _measured(
    circuit: QuantumCircuit, system: Sequence[int], basis: str | Clifford
) -> QuantumCircuit:
    measured = circuit.copy()
    qubits = [circuit.qubits[k] for k in system]
    if isinstance(basis, Clifford):
        measured.compose(basis.to_circuit(), qubits, inplace=True)
    else:
        for letter, qubit in zip(reversed(basis), qubits, strict=True):
            if letter == "Y":
                measured.sdg(qubit)
            if letter in "XY":
                measured.h(qubit)
    register = ClassicalRegister(len(qubits), REGISTER)
    measured.add_register(register)
    measured.measure(qubits, register)
    return measured


def _require_ensemble(ensemble: str) -> None:
    if ensemble not in ("pauli", "clifford"):
        raise UnknownNameError("ensemble", ensemble, ("pauli", "clifford"))
