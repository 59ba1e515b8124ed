"""Fidelity kernels from shots: one circuit, with all pairs of states as its parameters."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.backends.base import Backend, require_shots
from qml_algos.backends.execution import execute_broadcast
from qml_algos.backends.readout_mitigation import ReadoutCalibration
from qml_algos.errors import UnknownNameError
from qml_algos.kernels.sampled.depolarising import corrected, survivals
from qml_algos.kernels.sampled.overlap import REGISTER, overlap_circuit
from qml_algos.kernels.sampled.pairs import Pairs
from qml_algos.kernels.sampled.parameters import places_left
from qml_algos.kernels.sampled.points import checked_angles
from qml_algos.kernels.sampled.proportions import mean_and_error
from qml_algos.kernels.sampled.zeros import Read, count_zeros, weigh_zeros
from qml_algos.results import Resources, circuit_costs

Array = NDArray[np.float64]
Correction = Literal["depolarising", "readout"]
CORRECTIONS: tuple[Correction, ...] = get_args(Correction)
"""Corrections of noise that `sampled_fidelities` offers."""


@dataclass(frozen=True, eq=False)
class SampledGram:
    """Fidelities of states, as they were measured.

    Attributes
    ----------
    values
        Shape ``(N, M)``. Free of bias by finite shots, hence not always positive semidefinite
        nor, once corrected, always within [0, 1].
    standard_errors
        Of the values; same shape. 0 for what was not measured, the diagonal of a symmetric matrix.
    circuits
        Sets of parameters, and circuits of a calibration, that were run.
    shots
        Of each of them.
    survival
        With ``correction="depolarising"`` the probability that the noise leaves the state of each
        row alone in one preparation; shape ``(N,)``.
    resources
        Of the compiled circuit, all shots, and the times.
    """

    values: Array
    standard_errors: Array
    circuits: int
    shots: int
    survival: Array | None
    resources: Resources

    @property
    def executions(self) -> int:
        """Shots of all circuits together."""
        return self.circuits * self.shots


def sampled_fidelities(
    circuit: QuantumCircuit,
    angles_x: ArrayLike,
    angles_y: ArrayLike | None = None,
    *,
    backend: Backend,
    shots: int,
    seed: int,
    correction: Correction | None = None,
) -> SampledGram:
    r"""Measure :math:`|\langle\psi(y_j)|\psi(x_i)\rangle|^2` for all pairs.

    A state is prepared and another preparation is undone: the probability of all zeros. There is
    one compiled circuit, with a set of parameters for each pair, as one PUB; see `overlap_circuit`
    for what it is spared and `execute_broadcast` for memory. Circuits run: ``N (N - 1) / 2`` for
    the states among themselves, whose diagonal is 1, and ``N M`` otherwise.

    Parameters
    ----------
    circuit
        Prepares the state; gates only, with P plain parameters.
    angles_x, angles_y
        Values of the parameters, in the order of ``circuit.parameters``; shapes ``(N, P)`` and
        ``(M, P)``. Without ``angles_y`` the states of ``angles_x`` among themselves.
    backend
        Where it runs.
    shots
        Of each circuit. The standard error of a fidelity k is about ``sqrt(k (1 - k) / shots)``.
    seed
        Of a simulator; on a device it counts repetitions, see `seed_for`.
    correction
        ``"depolarising"``: also measures the fidelity of each state with itself, one circuit more
        for each, and takes global depolarising noise out (Hubregtsen et al. 2022; see
        `depolarising.corrected`). It takes misreading that is the same for all states with it.
        ``"readout"``: measures how often each qubit is misread, with two circuits more, and takes
        that out; the error of the calibration itself is not in the standard errors.

    Returns
    -------
    SampledGram
        Standard errors are those of `mean_and_error`, never 0 for what was measured.

    Raises
    ------
    InvalidProblemError
        If the circuit has no inverse or no parameters, or angles have another shape or are not
        finite.
    UnknownNameError
        If there is no such correction.
    ValueError, TooLargeError
        If shots are no positive integer, or more than the backend takes, or the circuit has too
        many qubits; nothing is run then.
    SignalLostError
        If nothing of a state survives the noise, so that it cannot be corrected.
    """
    if correction not in (None, *CORRECTIONS):
        raise UnknownNameError("correction", correction, CORRECTIONS)
    require_shots(backend.config, shots)
    start = time.perf_counter()
    x = checked_angles(angles_x, circuit.num_parameters, "angles_x")
    y = None if angles_y is None else checked_angles(angles_y, circuit.num_parameters, "angles_y")
    overlap = overlap_circuit(circuit)
    pairs = Pairs.of(x, y, themselves=correction == "depolarising")
    built = time.perf_counter()
    [compiled] = backend.compile([overlap.circuit])
    ready = time.perf_counter()
    read, largest = _reader(compiled, backend, shots, seed, correction)
    left = places_left(overlap.circuit, compiled)

    def values(some: range) -> Array:
        one, other = (pairs.angles[index[some]] for index in (pairs.first, pairs.second))
        return overlap.values(one, other)[:, left]

    sums = np.zeros((0, 2))
    if len(pairs):
        sums = execute_broadcast(compiled, len(pairs), values, read, backend, shots, seed)
    measured = mean_and_error(sums[:, 0], sums[:, 1], shots, largest)
    circuits = len(pairs) + 2 * (correction == "readout")
    resources = Resources(
        classical_seconds=0.0,
        shots=circuits * shots,
        build_seconds=built - start,
        compile_seconds=ready - built,
        run_seconds=time.perf_counter() - ready,
        classically_diagonalised=False,
        **circuit_costs(compiled),
    )
    (means, errors), survival = _without_noise(pairs, measured, circuit.num_qubits)
    return SampledGram(
        pairs.matrix(means, 1.0), pairs.matrix(errors, 0.0), circuits, shots, survival, resources
    )


def _reader(
    compiled: QuantumCircuit,
    backend: Backend,
    shots: int,
    seed: int,
    correction: Correction | None,
) -> tuple[Read, float]:
    """Choose how zeros are counted, and what a shot of zeros counts."""
    if correction != "readout":
        return count_zeros(REGISTER), 1.0
    calibration = ReadoutCalibration.measure(backend, compiled, shots, seed + 1)
    return weigh_zeros(REGISTER, calibration)


def _without_noise(
    pairs: Pairs, measured: tuple[Array, Array], qubits: int
) -> tuple[tuple[Array, Array], Array | None]:
    """Correct entries by what was measured of states with themselves, if it was."""
    means, errors = measured
    count = pairs.entries
    if len(pairs) == count:
        return measured, None
    survival, relative = survivals(means[count:], errors[count:], qubits)
    ends = pairs.first[:count], pairs.second[:count]
    return (
        corrected(
            means[:count],
            errors[:count],
            (survival[ends[0]], survival[ends[1]]),
            (relative[ends[0]], relative[ends[1]]),
            qubits,
        ),
        survival[: pairs.shape[0]],
    )
