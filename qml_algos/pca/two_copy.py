"""The principal component from pairs of copies, by virtual distillation."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import Pauli

from circuits.density_matrix import (
    bell_measurement,
    distilled_pauli_measurement,
    distilled_pauli_values,
    swap_signs,
)
from qml_algos.backends.execution import execute
from qml_algos.errors import NotConvergedError, TooLargeError, UnsuitableSolverError
from qml_algos.pca.exponentiation import density_matrix
from qml_algos.pca.method import Bill, Found, Settings, costs_of
from qml_algos.pca.readout import Components
from qml_algos.pca.state import DensityInput
from qml_algos.results import circuit_costs

MOST_QUBITS = 4
"""One circuit for each Pauli string: 255 for four qubits."""


def two_copy_components(source: DensityInput, settings: Settings) -> Found:
    r"""Find the principal component of :math:`\rho` as that of :math:`\rho^2`.

    Each Pauli string is measured in the square of the density matrix, with two copies; the largest
    eigenvalue of the matrix these add up to is :math:`\lambda_1^2`.

    Raises
    ------
    UnsuitableSolverError
        If more than one component is asked for.
    TooLargeError
        If there are more than four qubits.
    """
    if settings.n_components not in (None, 1):
        raise UnsuitableSolverError(
            f"n_components = {settings.n_components}: method 'two-copy' finds the principal "
            "component only; use n_components=1"
        )
    n = source.system_qubits
    if n > MOST_QUBITS:
        raise TooLargeError(
            f"method 'two-copy' measures every Pauli string: {n} qubits were given, at most "
            f"{MOST_QUBITS} are taken"
        )
    bill = Bill()
    start = time.perf_counter()
    labels = _labels(n, real=source.real)
    circuits = [bell_measurement(source.copy, n)]
    circuits += [distilled_pauli_measurement(source.copy, n, label) for label in labels]
    bill.build_seconds = time.perf_counter() - start
    paulis = np.array([Pauli(label).to_matrix() for label in ["I" * n, *labels]])
    if settings.shots is None:
        start = time.perf_counter()
        rho = density_matrix(source, settings.backend)
        means = np.einsum("pab,ba->p", paulis, rho @ rho).real
        variances = None
        bill.run_seconds = time.perf_counter() - start
        largest = costs_of(circuits[-1], settings.backend)
        runs = 1
    else:
        means, variances, largest = _measured(circuits, labels, settings, bill)
        runs = bill.shots
    components = _principal(paulis, means, variances, real=source.real)
    purity = float(means[0])
    return Found(
        components,
        2 * runs,
        tuple(circuits),
        bill.resources(largest, exact=settings.shots is None, diagonalised=False),
        {"purity": purity},
    )


def _labels(qubits: int, *, real: bool) -> list[str]:
    """All Pauli strings but the identity; those with real entries only, if these suffice."""
    strings = ["".join(letters) for letters in product("IXYZ", repeat=qubits)][1:]
    return [label for label in strings if not (real and label.count("Y") % 2)]


def _measured(
    circuits: list[QuantumCircuit], labels: list[str], settings: Settings, bill: Bill
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, int]]:
    assert settings.shots is not None
    settings.progress("Pauli strings", 0, len(labels))
    executed = execute(circuits, settings.backend, settings.shots, settings.seeds()())
    settings.progress("Pauli strings", len(labels), len(labels))
    bill.add(executed)
    means, variances = [], []
    for place, label in enumerate(["", *labels]):
        pair = executed.numbers(place, "left"), executed.numbers(place, "right")
        values = distilled_pauli_values(*pair, label) if label else swap_signs(*pair)
        means.append(np.mean(values))
        # Of values that all agree, the variance is not known to be 0.
        variances.append(max(float(np.var(values)), 1 / values.size) / values.size)
    largest = max(executed.compiled, key=lambda circuit: circuit.num_nonlocal_gates())
    return np.array(means), np.array(variances), circuit_costs(largest)


def _principal(
    paulis: NDArray[Any],
    means: NDArray[np.float64],
    variances: NDArray[np.float64] | None,
    *,
    real: bool,
) -> Components:
    """Add up the square of the density matrix; errors to first order."""
    size = paulis.shape[1]
    square = np.tensordot(means, paulis, axes=1) / size
    values, vectors = np.linalg.eigh(square.real if real else square)
    if not values[-1] > 0:
        raise NotConvergedError("no eigenvalue was seen above the noise: more shots are needed")
    vector, value = vectors[:, -1], float(np.sqrt(values[-1]))
    errors = np.zeros(1), np.zeros(size)
    if variances is not None:
        applied = paulis @ vector
        along = (applied @ vector.conj()).real
        errors = (
            np.array([np.sqrt(np.sum(variances * along**2)) / size / (2 * value)]),
            _errors_across(applied - along[:, None] * vector, variances, values),
        )
    return Components(np.array([value]), errors[0], vector[None], errors[1][None])


def _errors_across(
    across: NDArray[Any], variances: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    size = values.size
    # The gap to the mean of the other eigenvalues, which distillation leaves near 0.
    gap = float(values[-1] - np.mean(values[:-1]))
    found: NDArray[np.float64] = np.sqrt(variances @ np.abs(across) ** 2) / (size * gap)
    return found
