"""Noiseless simulators of qiskit-aer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2, PrimitiveJob
from qiskit.primitives.containers import DataBin, EstimatorPubLike, PrimitiveResult, PubResult
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit_aer import AerSimulator
from qiskit_aer.primitives import EstimatorV2

from qml_algos.backends.aer_sampler import (
    AerSampler,
    known_instructions,
    with_visible_parameters,
)
from qml_algos.backends.base import DescribedBackend, compile_all_to_all, require_qubits
from qml_algos.backends.clifford import require_clifford
from qml_algos.backends.config import AerConfig
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.backends.isa import require_gates


@dataclass(frozen=True, repr=False)
class AerBackend(DescribedBackend):
    """All-to-all connected, noiseless, on this machine."""

    config: AerConfig

    @property
    def exact(self) -> bool:
        """Whether `statevector` is available."""
        return self.config.exact

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Translate to the configured gates; see `Backend.compile`.

        Raises
        ------
        UnsupportedCircuitError
            If the method is ``stabilizer`` and a circuit is not Clifford.
        """
        compiled = compile_all_to_all(self.config, circuits)
        if self.config.method == "stabilizer":
            for circuit in compiled:
                require_clifford(circuit, self.name)
        return compiled

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler."""
        return AerSampler(self.config, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator.

        Of an exact backend: exact values, with Gaussian noise if a precision is asked for. Else
        values are measured.
        """
        if self.exact:
            return ExactEstimator(self.config, seed)
        return SamplingEstimator(self.sampler(seed))

    def statevector(self, circuit: QuantumCircuit) -> NDArray[np.complex128]:
        """Simulate the final state; see `Backend.statevector`."""
        if not self.exact:
            return super().statevector(circuit)
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


class ExactEstimator(BaseEstimatorV2):
    """Expectation values from the statevector.

    Without a precision they are exact; with one, Gaussian noise of that standard deviation is
    added, as a device would have that measures long enough. Every job starts from the seed anew.

    Parameters
    ----------
    config
        The backend.
    seed
        Of the noise.
    """

    def __init__(self, config: AerConfig, seed: int | None) -> None:
        self._config = config
        self._seed = seed

    def run(
        self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None
    ) -> PrimitiveJob[PrimitiveResult[PubResult], str]:
        """Run PUBs of compiled circuits; see `qiskit.primitives.BaseEstimatorV2.run`.

        Raises
        ------
        ValueError
            If a precision is negative or not finite.
        TooLargeError
            If a circuit has more qubits than the backend takes.
        NotCompiledError
            If a circuit holds what Aer does not simulate.
        """
        coerced = [
            EstimatorPub.coerce(pub, 0.0 if precision is None else precision) for pub in pubs
        ]
        for pub in coerced:
            self._require_runnable(pub)
        job: PrimitiveJob[PrimitiveResult[PubResult], str] = PrimitiveJob(self._run, coerced)
        job._submit()
        return job

    def _require_runnable(self, pub: EstimatorPub) -> None:
        config, circuit = self._config, pub.circuit
        if not 0 <= pub.precision < np.inf:
            raise ValueError(f"precision = {pub.precision!r}: must be 0 or positive, and finite")
        require_qubits(config, circuit.num_qubits, f"circuit {circuit.name!r}")
        require_gates(circuit, known_instructions(config.method), config.name)

    def _run(self, pubs: list[EstimatorPub]) -> PrimitiveResult[PubResult]:
        estimator = EstimatorV2(options={"backend_options": {"method": self._config.method}})
        exact = [
            (with_visible_parameters(pub.circuit), pub.observables, pub.parameter_values, 0.0)
            for pub in pubs
        ]
        # Aer's own noise would be the same in every PUB.
        rng = np.random.default_rng(self._seed)
        results = [
            _blurred(result, pub.precision, rng)
            for result, pub in zip(estimator.run(exact).result(), pubs, strict=True)
        ]
        return PrimitiveResult(results, metadata={"version": 2})


def _blurred(result: PubResult, precision: float, rng: np.random.Generator) -> PubResult:
    """Add Gaussian noise to expectation values."""
    exact = np.asarray(result.data.evs)
    data = DataBin(
        evs=exact + precision * rng.standard_normal(exact.shape),
        stds=np.full(exact.shape, precision),
        shape=exact.shape,
    )
    return PubResult(data, metadata={"target_precision": precision})
