"""Devices of PennyLane, behind the same seam as all others.

Circuits are translated here rather than by PennyLane's plugin for Qiskit, which needs an older
Qiskit and leaves out, with no more than a warning, controlled gates and resets. Nothing here
imports PennyLane before something is run: that takes seconds.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points

import numpy as np
from qiskit import QuantumCircuit
from qiskit.primitives import BaseEstimatorV2, BaseSamplerV2
from qiskit.primitives.containers import SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.base import (
    DescribedBackend,
    compile_all_to_all,
    require_qubits,
)
from qml_algos.backends.config import PennyLaneConfig
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.backends.pennylane_translation import translate
from qml_algos.backends.sampler import LocalSampler, pub_result
from qml_algos.errors import ConfigError

# PennyLane records operations in state that all threads share.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True, repr=False)
class PennyLaneBackend(DescribedBackend):
    """A PennyLane device, all-to-all connected, read by shots.

    Raises
    ------
    ConfigError
        If no installed plugin has the device.
    """

    config: PennyLaneConfig

    def __post_init__(self) -> None:
        known = sorted(entry.name for entry in entry_points(group="pennylane.plugins"))
        if not known:
            raise ConfigError(
                f"backend {self.name!r} needs PennyLane, which is not installed: "
                "pip install pennylane pennylane-lightning"
            )
        if self.config.device not in known:
            raise ConfigError(
                f"device = {self.config.device!r} of backend {self.name!r}: no installed plugin "
                f"of PennyLane has it; known: {', '.join(known)}"
            )

    def compile(self, circuits: Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
        """Translate to the configured gates; control flow stays. See `Backend.compile`."""
        return compile_all_to_all(self.config, circuits)

    def sampler(self, seed: int | None = None) -> BaseSamplerV2:
        """Open a sampler on the device."""
        return PennyLaneSampler(self.config, seed)

    def estimator(self, seed: int | None = None) -> BaseEstimatorV2:
        """Open an estimator that measures on the device."""
        return SamplingEstimator(self.sampler(seed))


class PennyLaneSampler(LocalSampler):
    """Sample circuits, dynamic ones included, on a PennyLane device.

    Parameter sets have random numbers of their own, as PUBs have. Refused, before anything runs,
    are circuits with something that cannot be translated or that the device refuses
    (UnsupportedCircuitError), and devices that cannot be opened (ConfigError).

    Notes
    -----
    Measurements that end a circuit are sampled from one simulation of its state. With
    ``mcm_method = "tree-traversal"`` every combination of the outcomes of the others is simulated
    once, if any shot has it, and a state is kept for each of these measurements.
    """

    _config: PennyLaneConfig

    def _check(self, pub: SamplerPub) -> None:
        # What is refused does not depend on the values of parameters: one set stands for all.
        for circuit in pub.parameter_values.bind_all(pub.circuit).flat[:1]:
            program = translate(circuit, pub.circuit.name)
            what = f"circuit {pub.circuit.name!r}"
            require_qubits(self._config, program.wires, what)
            from qml_algos.backends.pennylane_execution import check

            with _ONE_AT_A_TIME:
                check(self._config, program, what, reproducible=self._seed is not None)

    def _run_pub(self, pub: SamplerPub, seed: np.random.SeedSequence) -> SamplerPubResult:
        from qml_algos.backends.pennylane_execution import sample

        circuits = pub.parameter_values.bind_all(pub.circuit)
        bits = np.empty((circuits.size, pub.shots, pub.circuit.num_clbits), dtype=bool)
        programs = map(translate, circuits.flat)
        with _ONE_AT_A_TIME:
            samples = sample(self._config, programs, pub.shots, seed)
            for index, table in enumerate(samples):
                bits[index] = table
        return pub_result(pub, bits)
