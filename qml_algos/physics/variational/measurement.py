"""Energy and variance of the state of a circuit, measured on a backend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp

from circuits.pauli_algebra import qubitwise_commuting
from qml_algos.backends import Backend
from qml_algos.backends.readout_mitigation import ReadoutCalibration
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian
from qml_algos.physics.snapshots.measuring import Measured, measure
from qml_algos.physics.snapshots.settings import fixed_settings
from qml_algos.results import Estimate


@dataclass(frozen=True, eq=False)
class MeasuredEnergy:
    """What shots say of a Hamiltonian.

    Attributes
    ----------
    energy
        With its standard error.
    variance
        Of the Hamiltonian in the state, with its standard error; may come out negative where the
        error is larger. ``None`` where it was not asked for.
    bases
        How many were measured.
    run
        The compiled circuit and what it took.
    """

    energy: Estimate
    variance: Estimate | None
    bases: int
    run: Measured


def measured_energy(
    circuit: QuantumCircuit,
    hamiltonian: SpinHamiltonian,
    backend: Backend,
    shots: int,
    seed: int,
    *,
    with_variance: bool,
    mitigated: bool,
) -> MeasuredEnergy:
    r"""Measure H, and H squared if wanted, in bases that each serve many Paulis.

    A Pauli is averaged over all bases that show it. In basis b a shot then has one number for each
    operator, and energies add up over bases with independent errors; the variance
    :math:`\langle H^2 \rangle - \langle H \rangle^2` has that of
    :math:`H^2 - 2 \langle H \rangle H`, the first order of its change.

    Parameters
    ----------
    circuit
        Prepares the state; without parameters and measurements.
    hamiltonian
        On as many qubits.
    backend
        Where it runs: one circuit, whose bases are sets of parameters; one job, or two if
        mitigated.
    shots
        Of each basis, at least 2.
    seed
        See `qml_algos.backends.base.seed_for`.
    with_variance
        Whether H squared is measured too: more bases, on an Ising ring about one a site.
    mitigated
        Whether readout is corrected: each qubit by the inverse of its own matrix of misreading,
        which is calibrated with as many shots. Errors of that calibration are not in the standard
        errors.

    Returns
    -------
    MeasuredEnergy

    Raises
    ------
    ValueError, TooLargeError
        If the backend refuses the shots or the circuit; nothing is run then.
    """
    operators = [hamiltonian.operator.simplify()]
    if with_variance:
        operators.append((operators[0] @ operators[0]).simplify())
    labels = _bases(SparsePauliOp.sum(operators))
    settings = fixed_settings(labels, circuit.num_qubits)
    run = measure([circuit], [settings], shots, backend, seed)
    signs = np.tile([1.0, -1.0], (circuit.num_qubits, 1))
    if mitigated:
        calibration = ReadoutCalibration.measure(backend, run.compiled[0], shots, seed)
        signs = _unbiased_signs(calibration)
    values = [_values(operator, labels, run.bits, signs) for operator in operators]
    constants = [_constant(operator) for operator in operators]
    energy = _estimate(values[0], constants[0])
    variance = None
    if with_variance:
        mean = energy.value
        squares = _estimate(
            values[1] - 2 * mean * values[0], constants[1] - 2 * mean * constants[0]
        )
        variance = Estimate(squares.value + mean**2, squares.standard_error)
    return MeasuredEnergy(energy, variance, len(labels), run)


def _bases(operator: SparsePauliOp) -> list[str]:
    """Bases that show all Paulis, heavy ones first, since light ones fit in anywhere."""
    acting = operator.paulis.x | operator.paulis.z
    order = np.argsort(-acting.sum(axis=1), kind="stable")
    terms = operator[order[acting[order].any(axis=1)]]
    labels = []
    for group in qubitwise_commuting(terms):
        x, z = group.paulis.x.any(axis=0), group.paulis.z.any(axis=0)
        letters = np.where(x, np.where(z, "Y", "X"), "Z")
        labels.append("".join(letters[::-1]))
    return labels or ["Z" * operator.num_qubits]


def _values(
    operator: SparsePauliOp,
    bases: Sequence[str],
    bits: NDArray[np.int8],
    signs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Share of an operator that each shot of each basis shows; shape ``(bases, shots)``."""
    shots = bits.reshape(len(bases), -1, operator.num_qubits)
    shown = np.where(shots, signs[:, 1], signs[:, 0])
    letters = np.array([[*reversed(label)] for label in bases])
    x, z = operator.paulis.x, operator.paulis.z
    wanted = np.where(x, np.where(z, "Y", "X"), np.where(z, "Z", "I"))
    values = np.zeros(shots.shape[:2])
    for row, coefficient in zip(wanted, operator.coeffs.real, strict=True):
        [qubits] = np.nonzero(row != "I")
        if qubits.size:
            [used] = np.nonzero((letters[:, qubits] == row[qubits]).all(axis=1))
            for basis in used:
                values[basis] += coefficient / used.size * shown[basis][:, qubits].prod(axis=1)
    return values


def _constant(operator: SparsePauliOp) -> float:
    identity = ~np.any(operator.paulis.x | operator.paulis.z, axis=1)
    return float(operator.coeffs[identity].real.sum())


def _estimate(values: NDArray[np.float64], constant: float) -> Estimate:
    variances = values.var(axis=1, ddof=1) / values.shape[1]
    return Estimate(constant + float(values.mean(axis=1).sum()), float(np.sqrt(variances.sum())))


def _unbiased_signs(calibration: ReadoutCalibration) -> NDArray[np.float64]:
    """Find numbers for readings 0 and 1 of each qubit whose mean is that of Z, read rightly."""
    return np.array([np.linalg.solve(matrix.T, [1.0, -1.0]) for matrix in calibration.matrices])
