"""Principal components by a trained circuit that diagonalises the density matrix."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector
from scipy.optimize import minimize

from circuits.ansatz import hardware_efficient_ansatz
from circuits.density_matrix import (
    diagonalisation_circuit,
    eigenvector_circuit,
    global_energies,
    local_energies,
)
from qml_algos.backends.execution import execute
from qml_algos.pca.method import Bill, Found, Settings, costs_of
from qml_algos.pca.readout import Components
from qml_algos.pca.state import DensityInput

Array = NDArray[np.float64]

_STAGES = (0.0, 0.5, 1.0)
"""Share of the energies that single out the outcomes met most often so far."""


def variational_components(source: DensityInput, settings: Settings) -> Found:
    r"""Train an ansatz to undo the density matrix, on its outcomes in the computational basis.

    The angles are those of a circuit of n qubits, from which the components follow classically;
    that nothing says how far these are from eigenvectors is why they have no standard errors.
    """
    n = source.system_qubits
    layers = settings.options["layers"]
    ansatz = hardware_efficient_ansatz(n, 2 * n if layers is None else layers, real=source.real)
    bill, seeds = Bill(), settings.seeds()
    start = time.perf_counter()
    circuit = diagonalisation_circuit(source.copy, n, ansatz)
    bill.build_seconds = time.perf_counter() - start
    evaluate = _exact(circuit, n, settings, bill)
    if settings.shots is not None:
        evaluate = _sampled(circuit, settings, bill, seeds)
    angles, distribution = _trained(evaluate, ansatz.num_parameters, n, settings, seeds())
    order = np.argsort(-distribution, kind="stable")
    number = settings.n_components
    if number is None:
        number = max(1, int(np.sum(distribution >= settings.epsilon)))
    outcomes = order[:number]
    vectors = np.array(
        [Statevector(eigenvector_circuit(ansatz, angles, int(z))).data for z in outcomes]
    )
    values = distribution[outcomes]
    shots = settings.shots
    errors = np.sqrt(values * (1 - values) / shots) if shots else np.zeros(number)
    components = Components(
        values,
        errors,
        vectors.real if source.real else vectors,
        np.full(vectors.shape, np.nan),
    )
    final = circuit.assign_parameters(angles)
    costs = costs_of(final, settings.backend)
    return Found(
        components,
        max(bill.shots, 1),
        (final,),
        bill.resources(costs, exact=shots is None, diagonalised=False),
        {"parameters": ansatz.num_parameters, "unexplained": float(1 - np.sum(values))},
    )


def _trained(
    evaluate: Callable[[Array], Array], parameters: int, qubits: int, settings: Settings, seed: int
) -> tuple[Array, Array]:
    """Minimise the energies of outcomes, local ones first, then more and more global ones."""
    angles = np.random.default_rng(seed).normal(scale=0.1, size=parameters)
    iterations = settings.options["max_iterations"]
    size = 2**qubits
    wanted = min(settings.n_components or size - 1, size - 1)
    for place, share in enumerate(_STAGES):
        settings.progress("training", place, len(_STAGES))
        energies = local_energies(qubits) / qubits
        if share:
            leading = np.argsort(-evaluate(angles), kind="stable")[:wanted]
            energies = (1 - share) * energies + share * global_energies(qubits, leading)

        def cost(point: Array, energies: Array = energies) -> float:
            return float(energies @ evaluate(point))

        if settings.shots is None:
            slope = _shifted(cost)
            found = minimize(
                cost, angles, jac=slope, method="BFGS", options={"maxiter": iterations}
            )
        else:
            limit = iterations * len(angles) // 4
            found = minimize(
                cost, angles, method="COBYLA", options={"maxiter": limit, "rhobeg": 0.5}
            )
        angles = found.x
    settings.progress("training", len(_STAGES), len(_STAGES))
    return angles, evaluate(angles)


def _shifted(cost: Callable[[Array], float]) -> Callable[[Array], Array]:
    """Gradient by the parameter-shift rule: every angle is that of one rotation."""

    def slope(point: Array) -> Array:
        shifts = np.pi / 2 * np.eye(point.size)
        return np.array([(cost(point + s) - cost(point - s)) / 2 for s in shifts])

    return slope


def _exact(
    circuit: QuantumCircuit, qubits: int, settings: Settings, bill: Bill
) -> Callable[[Array], Array]:
    pure = circuit.remove_final_measurements(inplace=False)

    def evaluate(angles: Array) -> Array:
        start = time.perf_counter()
        state = settings.backend.statevector(pure.assign_parameters(angles))
        bill.run_seconds += time.perf_counter() - start
        found: Array = np.sum(np.abs(state.reshape(-1, 2**qubits)) ** 2, axis=0)
        return found

    return evaluate


def _sampled(
    circuit: QuantumCircuit, settings: Settings, bill: Bill, seeds: Callable[[], int]
) -> Callable[[Array], Array]:
    shots = settings.shots
    assert shots is not None

    def evaluate(angles: Array) -> Array:
        executed = execute([circuit.assign_parameters(angles)], settings.backend, shots, seeds())
        bill.add(executed)
        return executed.counts(0, "eigenvector") / shots

    return evaluate
