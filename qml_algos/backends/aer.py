"""Noiseless simulators of qiskit-aer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.transpiler import generate_preset_pass_manager
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import EstimatorV2, SamplerV2

from qml_algos.backends.base import require_qubits
from qml_algos.backends.config import AerConfig
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.errors import NotExactError

COMPILER_SEED = 0


@dataclass(frozen=True)
class AerBackend:
    """All-to-all connected, noiseless, on this machine."""

    config: AerConfig

    @property
    def name(self) -> str:
        """Name of the backend."""
        return self.config.name

    @property
    def exact(self) -> bool:
        """Whether `statevector` is available."""
        return self.config.exact

    @property
    def noisy(self) -> bool:
        """Never."""
        return False

    def __repr__(self) -> str:
        return f"Backend({self.name!r}: {self.config.description})"

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Translate to the configured gates; see `Backend.compile`."""
        for circuit in circuits:
            require_qubits(self.config, circuit.num_qubits, f"circuit {circuit.name!r}")
        manager = generate_preset_pass_manager(
            optimization_level=self.config.compile.optimization_level,
            basis_gates=self.config.compile.basis_gates,
            seed_transpiler=COMPILER_SEED,
        )
        return [manager.run(circuit) for circuit in circuits]

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open Aer's sampler."""
        options = {"backend_options": {"method": self.config.method}}
        shots = self.config.limits.default_shots
        return SamplerV2(default_shots=shots, seed=seed, options=options)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator.

        Of an exact backend: exact values, with Gaussian noise if a precision is asked for. Else
        values are measured.
        """
        if self.exact:
            return EstimatorV2(options={"backend_options": {"method": self.config.method}})
        return SamplingEstimator(self.sampler(seed))

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Simulate the final state; see `Backend.statevector`."""
        if not self.exact:
            raise NotExactError(
                f"backend {self.name!r} returns shots, not a statevector; use backend 'aer'"
            )
        copy = circuit.copy()
        copy.save_statevector()
        result = AerSimulator(method=self.config.method).run(copy).result()
        state = np.asarray(result.get_statevector())
        if circuit.layout is None:
            return state
        # The compiler may have renamed qubits instead of swapping them.
        n = circuit.num_qubits
        axes = [n - 1 - position for position in circuit.layout.final_index_layout()]
        return state.reshape([2] * n).transpose(axes[::-1]).ravel()
