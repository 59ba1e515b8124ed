"""Ground states by Hamiltonian-variational circuits, measured on any backend."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp, Statevector
from sklearn.base import BaseEstimator

from circuits.hamiltonian_variational import hamiltonian_variational, rounds_of
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import require_qubits, require_shots, seed_for
from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.hamiltonians.action import action_of
from qml_algos.physics.hamiltonians.hamiltonian import SpinHamiltonian, require_hamiltonian
from qml_algos.physics.hamiltonians.scores import energy_and_variance, v_score
from qml_algos.physics.states.statevector import StatevectorState
from qml_algos.physics.variational.evolution import LayeredEvolution
from qml_algos.physics.variational.measurement import measured_energy
from qml_algos.physics.variational.reference import stabilizer_reference
from qml_algos.physics.variational.training import train
from qml_algos.results import Resources, circuit_costs
from qml_algos.validation import require_count

MOST_QUBITS = 20
"""Qubits up to which angles are trained on a statevector."""
EIGENSTATE = 1e-12
"""V-score from which on a state is taken for an eigenstate, and no further start is made."""
_FEWEST_SHOTS = 2


class VariationalCircuitGroundState(BaseEstimator):
    """Ground state by a Hamiltonian-variational circuit, trained exactly, measured on a backend.

    The angles are trained on a statevector, by exact gradients. The energy and its variance are
    those of the circuit on the backend: exact on an exact one, else from shots in bases that each
    serve many Paulis, with whatever noise the backend has.

    Parameters
    ----------
    layers
        Repetitions of all layers of the Hamiltonian; by default half the number of qubits, rounded
        up, with which Ising rings are found to come out exactly, as Ho and Hsieh conjecture.
    backend
        Opened, or its name or file.
    shots
        Of each basis; ``None`` for exact values where the backend gives them, and for its default
        elsewhere.
    measure_variance
        Whether shots are also spent on the bases that the variance takes, about one a qubit on an
        Ising ring; else the energy alone is measured, and `variance_` and `v_score_` are ``None``.
        Exact values have both anyway.
    mitigate_readout
        Whether misreading, as calibrated in a job of its own, is corrected in what shots give.
    starts
        Most schedules that training starts from: three of annealing, then random ones near the
        first. It ends with the first one that ends in an eigenstate.
    max_iterations
        Of the optimiser, for each start.
    reference
        Prepares the state that the first layer acts on; by default a stabilizer state that
        minimises the terms of the last layer.
    random_state
        Of random starts and a simulator's shots.

    Attributes
    ----------
    energy_, energy_error_
        Of the circuit on the backend, and the standard error of that, 0 if exact.
    variance_, variance_error_
        Of the Hamiltonian in that state; a measured one that comes out negative is set to 0.
    v_score_
        As `qml_algos.physics.hamiltonians.v_score` has it.
    parameters_
        Number of angles.
    angles_
        Radians, for layers scaled to a largest coefficient of 1.
    state_
        `StatevectorState` of the circuit without noise.
    exact_energy_
        Energy of that state.
    circuit_
        With its angles, before compilation.
    resources_
        Of the circuit as it ran; ``shots`` over all bases.
    seconds_
        Of the processor.

    Notes
    -----
    *Cost*: ``O(layers terms 2^n)`` a gradient: on one core 0.1 s in all for 8 qubits, 20 s for 16,
    3 s for one gradient with 20. At most 20 qubits.

    References
    ----------
    D. Wecker, M. B. Hastings, M. Troyer, arXiv:1507.08969 (from memory, unverified); W. W. Ho, T.
    H. Hsieh, arXiv:1803.00026, for Ising rings at ``n / 2`` repetitions.
    """

    def __init__(
        self,
        layers: int | None = None,
        backend: Backend | str | Path = "aer",
        shots: int | None = None,
        *,
        measure_variance: bool = True,
        mitigate_readout: bool = False,
        starts: int = 4,
        max_iterations: int = 500,
        reference: QuantumCircuit | None = None,
        random_state: int | np.random.Generator | None = None,
    ) -> None:
        self.layers = layers
        self.backend = backend
        self.shots = shots
        self.measure_variance = measure_variance
        self.mitigate_readout = mitigate_readout
        self.starts = starts
        self.max_iterations = max_iterations
        self.reference = reference
        self.random_state = random_state

    def fit(
        self,
        hamiltonian: SpinHamiltonian,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> VariationalCircuitGroundState:
        """Train the circuit, then measure it.

        Parameters
        ----------
        hamiltonian
            With layers of commuting terms, at most 20 qubits.
        progress
            Told of each start of the training.

        Raises
        ------
        InvalidProblemError
            If it is no Hamiltonian, has no layers, or they do not add up to it; or an argument of
            the constructor is out of range.
        TooLargeError
            Above 20 qubits, or what the backend takes.
        ValueError
            If the backend refuses the shots, or terms of a layer do not commute.
        """
        start = time.process_time()
        device, shots, seed = self._required(hamiltonian)
        layers, strengths = _scaled_layers(hamiltonian)
        reference = stabilizer_reference(layers[-1]) if self.reference is None else self.reference
        repetitions = -(-hamiltonian.qubits // 2) if self.layers is None else int(self.layers)
        built = hamiltonian_variational(layers, repetitions, reference)
        evolution = LayeredEvolution(layers, Statevector(reference).data, action_of(hamiltonian))

        def converged(angles: NDArray[np.float64]) -> bool:
            found = energy_and_variance(hamiltonian, evolution.state(angles))
            return v_score(*found, hamiltonian) < EIGENSTATE

        trained = train(
            evolution,
            strengths,
            repetitions,
            starts=self.starts,
            max_iterations=self.max_iterations,
            converged=converged,
            generator=np.random.default_rng([seed, 1]),
            progress=progress,
        )
        state = StatevectorState(evolution.state(trained.angles))
        circuit = built.assign_parameters(trained.angles)
        seconds = time.process_time() - start
        if shots is None:
            found = _exact(circuit, hamiltonian, device, seconds)
        else:
            found = _measured(self, circuit, hamiltonian, device, shots, seed, seconds)
        self.angles_, self.parameters_ = trained.angles, len(trained.angles)
        self.exact_energy_ = trained.energy
        self.state_, self.circuit_ = state, circuit
        for name, value in found.items():
            setattr(self, name, value)
        self.seconds_ = time.process_time() - start
        return self

    def _required(self, hamiltonian: SpinHamiltonian) -> tuple[Backend, int | None, int]:
        """Check all arguments; return the opened backend, shots if any are taken, and a seed."""
        require_hamiltonian(hamiltonian)
        for name in ("starts", "max_iterations", *(() if self.layers is None else ("layers",))):
            require_count(name, getattr(self, name))
        if hamiltonian.qubits > MOST_QUBITS:
            raise TooLargeError(
                f"{hamiltonian.qubits} qubits: circuits are trained on a statevector of at most "
                f"{MOST_QUBITS}"
            )
        if self.reference is not None and self.reference.num_qubits != hamiltonian.qubits:
            raise InvalidProblemError(
                f"reference has {self.reference.num_qubits} qubits: {hamiltonian.qubits} are needed"
            )
        device = open_backend(self.backend)
        require_qubits(device.config, hamiltonian.qubits, "the circuit")
        seed = seed_for(device, self.random_state)
        if self.shots is None and device.exact:
            return device, None, seed
        shots = device.config.limits.default_shots if self.shots is None else self.shots
        require_shots(device.config, shots)
        if shots < _FEWEST_SHOTS:
            raise InvalidProblemError(f"shots = {shots}: at least {_FEWEST_SHOTS} show an error")
        return device, int(shots), seed


def _scaled_layers(
    hamiltonian: SpinHamiltonian,
) -> tuple[list[SparsePauliOp], NDArray[np.float64]]:
    """Layers of largest coefficient 1, without empty ones, and what they were, strongest 1."""
    if not hamiltonian.layers:
        raise InvalidProblemError(
            f"{hamiltonian.name} has no layers: sums of commuting terms that add up to it are "
            "needed"
        )
    rest = (hamiltonian.operator - SparsePauliOp.sum(hamiltonian.layers)).simplify()
    if np.any((rest.paulis.x | rest.paulis.z).any(axis=1) & (np.abs(rest.coeffs) > 1e-9)):
        raise InvalidProblemError(f"{hamiltonian.name}: its layers do not add up to it")
    kept = [SparsePauliOp.sum(rounds) for rounds in map(rounds_of, hamiltonian.layers) if rounds]
    if not kept:
        raise InvalidProblemError(f"{hamiltonian.name} has no term besides the identity")
    strengths = np.array([np.abs(layer.coeffs).max() for layer in kept])
    scaled = [layer / strength for layer, strength in zip(kept, strengths, strict=True)]
    return scaled, strengths / strengths.max()


def _measured(
    model: VariationalCircuitGroundState,
    circuit: QuantumCircuit,
    hamiltonian: SpinHamiltonian,
    device: Backend,
    shots: int,
    seed: int,
    seconds: float,
) -> dict[str, Any]:
    """Measure a circuit; return attributes by their names."""
    found = measured_energy(
        circuit,
        hamiltonian,
        device,
        shots,
        seed,
        with_variance=model.measure_variance,
        mitigated=model.mitigate_readout,
    )
    variance = None if found.variance is None else max(found.variance.value, 0.0)
    energy = found.energy.value
    return {
        "energy_": energy,
        "energy_error_": found.energy.standard_error,
        "variance_": variance,
        "variance_error_": None if found.variance is None else found.variance.standard_error,
        "v_score_": None if variance is None else v_score(energy, variance, hamiltonian),
        "resources_": Resources(
            classical_seconds=seconds,
            **circuit_costs(found.run.compiled[0]),
            shots=shots * found.bases,
            compile_seconds=found.run.compile_seconds,
            run_seconds=found.run.run_seconds,
            classically_diagonalised=None,
        ),
    }


def _exact(
    circuit: QuantumCircuit, hamiltonian: SpinHamiltonian, device: Backend, seconds: float
) -> dict[str, Any]:
    begun = time.perf_counter()
    [compiled] = device.compile([circuit])
    ready = time.perf_counter()
    state = device.statevector(compiled)
    run_seconds = time.perf_counter() - ready
    energy, variance = energy_and_variance(hamiltonian, state)
    return {
        "energy_": energy,
        "energy_error_": 0.0,
        "variance_": variance,
        "variance_error_": 0.0,
        "v_score_": v_score(energy, variance, hamiltonian),
        "resources_": Resources(
            classical_seconds=seconds,
            **circuit_costs(compiled),
            compile_seconds=ready - begun,
            run_seconds=run_seconds,
            classically_diagonalised=None,
        ),
    }
