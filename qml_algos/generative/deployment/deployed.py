"""What came of running a trained model on a backend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qml_algos.generative.deployment.circuit import ModelCircuit
from qml_algos.generative.deployment.comparison import Comparison
from qml_algos.results import Estimate, Resources


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Deployed(Comparison):
    """Samples of a backend, what they cost, and how well they are those of the model.

    Attributes
    ----------
    backend
        Its name.
    samples
        Shape ``(valid shots, variables)``, categories in the order of the data; shots that show
        other bit patterns are left out.
    valid_share
        Of the shots, those that show categories.
    circuit
        What was prepared, not compiled.
    resources
        Of the circuit as it ran, measurements included.
    smoothing
        Weight of the classical component of the model, which is not in the circuit: all figures
        compare with the pure Born part.
    """

    backend: str
    samples: NDArray[np.int64]
    valid_share: float
    circuit: ModelCircuit
    resources: Resources
    smoothing: float

    @property
    def fidelity(self) -> float:
        """Of the state that an ideal device prepares with this circuit."""
        return self.circuit.fidelity

    def __repr__(self) -> str:
        figures = [
            f"{len(self.samples):,} samples of backend {self.backend!r}",
            f"circuit fidelity {self.fidelity:.4f}",
            f"{self.resources.two_qubit_gates:,} two-qubit gates",
            f"cross-entropy {_written(self.cross_entropy)} nats",
            f"entropy {_written(self.entropy)}",
        ]
        if self.total_variation is not None and self.shot_noise is not None:
            figures.append(
                f"total variation {self.total_variation:.3f} (shots {self.shot_noise.expected:.3f})"
            )
        if self.test_nll is not None:
            figures.append(f"test NLL {_written(self.test_nll.device)}")
        return f"Deployed({', '.join(figures)})"

    def __str__(self) -> str:
        """Lay all figures out, each with what it is to be compared with."""
        cost = self.resources
        lines = [
            f"{self.circuit.categories.variables} variables on {self.circuit.qubits} qubits of "
            f"backend {self.backend!r}, {cost.shots:,} shots",
            f"circuit: {self.circuit.method}, fidelity {self.fidelity:.4f}, divergence of an ideal "
            f"device {self.circuit.distances.kl_divergence:.3g} nats, total variation "
            f"{self.circuit.distances.total_variation:.3g}",
            f"as it ran: {cost.two_qubit_gates:,} two-qubit gates, {cost.two_qubit_depth:,} layers "
            f"of them, depth {cost.depth:,}, {cost.qubits} qubits",
            f"shots that show categories: {self.valid_share:.2%}",
            f"cross-entropy under the model: {_written(self.cross_entropy)} nats; "
            f"entropy of the model {_written(self.entropy)}",
            *self._distance(),
            *self._likelihood(),
        ]
        if self.smoothing > 0:
            lines.append(
                f"compared with the pure part of the model: its classical component, of weight "
                f"{self.smoothing:.3g}, is not in the circuit"
            )
        return "\n".join(lines)

    def _distance(self) -> list[str]:
        if self.total_variation is None or self.shot_noise is None:
            return ["total variation: not known, there are too many configurations to list"]
        noise = self.shot_noise
        return [
            f"total variation from the model: {self.total_variation:.4f}; by shot noise alone "
            f"{noise.expected:.4f}, above {noise.limit:.4f} once in 100 times"
        ]

    def _likelihood(self) -> list[str]:
        if self.test_nll is None:
            return []
        nll = self.test_nll
        return [
            f"test NLL by these samples: {_written(nll.device)} nats; by as many exact ones "
            f"{_written(nll.exact_samples)}, paired difference {_written(nll.excess)}; "
            f"of the model itself {_written(nll.model)}"
        ]


def _written(estimate: Estimate) -> str:
    if not estimate.standard_error or not np.isfinite(estimate.value):
        return f"{estimate.value:.4f}"
    return f"{estimate.value:.4f} ± {estimate.standard_error:.4f}"
