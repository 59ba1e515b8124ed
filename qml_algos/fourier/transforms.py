"""Circuits that take a prepared signal to its spectrum, and measure it.

Quantum transforms have plus in the exponent where those of signals have minus, so that what stands
at k belongs to bin -k: `bin_of` says so to whom reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

from circuits.fourier import FourierDesign, fourier_design
from circuits.fourier.approximation import (
    kept_windows,
    operator_norm_bound,
    process_infidelity,
)
from circuits.fourier.semiclassical import feeds_forward, semiclassical_qft
from qml_algos.errors import UnsuitableSolverError
from qml_algos.fourier.questions import DominantFrequencies, Question, RelativePhase

Form = Literal["full", "approximate", "semiclassical"]


@dataclass(frozen=True, eq=False)
class Transform:
    """Circuits on n qubits that hold the signal, to be run after its preparation.

    Attributes
    ----------
    circuits
        One for each setting.
    form
        Which one it is.
    distance
        Bound on the distance of states, or of distributions, from those of the exact transform.
    """

    circuits: tuple[QuantumCircuit, ...]
    form: Form
    distance: float


def bin_of(number: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Bin that a number read, or an index of an amplitude, belongs to; and the other way round."""
    found: NDArray[np.int64] = -number % size
    return found


def offsets(question: Question) -> tuple[float, ...]:
    """How far the signal is moved up in frequency before each transform, in bins.

    Near a bin a tone has nearly the same powers on both sides, and its position is uncertain by a
    multiple of S^(-1/4) for S shots. Half of the shots are taken half a bin away from there.
    """
    return (0.0, 0.5) if isinstance(question, DominantFrequencies) else (0.0,)


def coherent(n: int, question: Question, distance: float) -> Transform:
    """Transform without measurement, the bits of k in natural order."""
    design = fourier_design(n, epsilon=allowed_infidelity(n, distance))
    circuits = _moved(design.circuit, question)
    return Transform(circuits, _form(distance), design.operator_norm_bound)


def measured(n: int, question: Question, distance: float) -> Transform:
    """Unitary transform with measurements after it; no swap is spent on the order of the bits."""
    epsilon = allowed_infidelity(n, distance)
    design = fourier_design(n, epsilon=epsilon, swaps=False)
    settings = (
        [_interference(n, question.bins, sine=sine) for sine in (False, True)]
        if isinstance(question, RelativePhase)
        else [QuantumCircuit(n)]
    )
    read = [_read(design, setting) for setting in settings]
    circuits = tuple(read) if len(read) > 1 else _moved(read[0], question)
    return Transform(circuits, _form(distance), design.operator_norm_bound)


def semiclassical(n: int, question: Question, distance: float, target: Any) -> Transform:
    """Transform by measurement and feed-forward: no two-qubit gate.

    Raises
    ------
    UnsuitableSolverError
        If the question needs interference after the transform, or the target cannot feed forward.
    """
    if isinstance(question, RelativePhase):
        raise UnsuitableSolverError(
            "semiclassical: a relative phase is read by interference of two bins, which the "
            "measured transform has no more; use 'full-qft' or 'aqft'"
        )
    if not feeds_forward(target):
        raise UnsuitableSolverError(
            "semiclassical: the backend does not act on results of measurements within a circuit; "
            "use 'full-qft' or 'aqft'"
        )
    epsilon = allowed_infidelity(n, distance)
    circuit = semiclassical_qft(n, epsilon=epsilon)
    # Measured at the end, the same rotations would be left out of a unitary circuit.
    circuits = _moved(circuit, question)
    return Transform(circuits, "semiclassical", operator_norm_bound(kept_windows(n, epsilon)))


def _moved(circuit: QuantumCircuit, question: Question) -> tuple[QuantumCircuit, ...]:
    """Move the signal up by each offset first: a phase on every qubit, no two-qubit gate."""
    n = circuit.num_qubits
    circuits = []
    for offset in offsets(question):
        moved = circuit.copy_empty_like()
        for place in range(n if offset else 0):
            moved.p(2 * np.pi * offset / 2 ** (n - place), place)
        circuits.append(moved.compose(circuit, moved.qubits, moved.clbits))
    return tuple(circuits)


def _read(design: FourierDesign, setting: QuantumCircuit) -> QuantumCircuit:
    """Transform, apply a setting to the qubits in the order of the bits of k, and measure them."""
    n = design.circuit.num_qubits
    qubits, outcome = QuantumRegister(n, "q"), ClassicalRegister(n, "outcome")
    circuit = QuantumCircuit(qubits, outcome, name="measured_spectrum")
    circuit.compose(design.circuit, qubits, inplace=True)
    of_bit = [qubits[design.permutation.index(bit)] for bit in range(n)]
    circuit.compose(setting, of_bit, inplace=True)
    circuit.measure(of_bit, outcome)
    return circuit


def allowed_infidelity(n: int, distance: float) -> float:
    """Process infidelity at which the distance of states stays within what is allowed."""
    if not distance:
        return 0.0
    candidates = (tuple(min(t, reach) for t in range(n)) for reach in range(n))
    chosen = next(windows for windows in candidates if operator_norm_bound(windows) <= distance)
    # Rounding must not cost another rotation.
    return process_infidelity(chosen) * (1 - 1e-9)


def _form(distance: float) -> Form:
    return "approximate" if distance else "full"


def _interference(n: int, bins: Sequence[int], *, sine: bool) -> QuantumCircuit:
    """Bring bins a and b to one qubit, the others 0, and let them interfere; up to n - 1 CX.

    The number read is then 0 or ``2**t``, t the lowest bit in which a and b differ, with
    probabilities ``|a + b|^2 / 2`` and ``|a - b|^2 / 2``, or those of a and ``-i b``.
    """
    first, second = (-k % 2**n for k in bins)
    circuit = QuantumCircuit(n, name="interference")
    for place in range(n):
        if first >> place & 1:
            circuit.x(place)
    differing = [place for place in range(n) if (first ^ second) >> place & 1]
    for other in differing[1:]:
        circuit.cx(differing[0], other)
    if sine:
        circuit.sdg(differing[0])
    circuit.h(differing[0])
    return circuit


def interfering(bins: Sequence[int], size: int) -> tuple[int, int]:
    """Numbers read for the sum and the difference of two bins."""
    first, second = (-k % size for k in bins)
    return 0, (first ^ second) & -(first ^ second)
