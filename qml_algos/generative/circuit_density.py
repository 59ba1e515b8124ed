"""What models of bits have in common that are circuits: exact while small, sampled on a backend."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from sklearn.utils.validation import check_is_fitted

from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import seed_for
from qml_algos.backends.execution import execute
from qml_algos.errors import TooLargeError, UnknownNameError
from qml_algos.generative.bandwidths import Bandwidth, require_bandwidth
from qml_algos.generative.base import DiscreteDensity
from qml_algos.generative.data.configurations import configuration_numbers
from qml_algos.generative.descent import Loss, Settings, descend
from qml_algos.generative.objectives import LOSSES
from qml_algos.pca.progress import progress_bar
from qml_algos.validation import require_count, require_positive

Floats = NDArray[np.float64]

MOST_QUBITS = 20
"""Qubits of which all probabilities are written down."""


class CircuitDensity(DiscreteDensity):
    """A density estimator of bits that is the circuit of as many qubits, variable k on qubit k."""

    loss: str
    bandwidth: Bandwidth
    max_steps: int
    patience: int
    tol: float
    random_state: int | np.random.Generator | None
    verbose: bool

    angles_: Floats
    losses_: Floats
    monitored_losses_: Floats
    n_iter_: int

    _binary_only = True

    @abstractmethod
    def to_circuit(self) -> QuantumCircuit:
        """Return the circuit that prepares the state, without measurements."""

    @abstractmethod
    def _squared_amplitudes(self) -> Floats:
        """Probabilities of all outcomes of at most `MOST_QUBITS` qubits."""

    def probabilities(self) -> Floats:
        """Probabilities of all configurations.

        Returns
        -------
        ndarray
            Shape ``(2**n,)``: bit k of an index is variable k.

        Raises
        ------
        TooLargeError
            If there are more than 20 variables.
        """
        check_is_fitted(self)
        qubits = self.categories_.variables
        if qubits > MOST_QUBITS:
            raise TooLargeError(
                f"{type(self).__name__} on {qubits} qubits has no likelihood: the probabilities of "
                f"at most {MOST_QUBITS} qubits are simulated; use `mmd`, and `sample` on a backend"
            )
        found = self._squared_amplitudes()
        return found / found.sum()

    def sample(
        self,
        n_samples: int = 1,
        random_state: int | np.random.Generator | None = None,
        backend: str | Path | Backend | None = None,
    ) -> NDArray[np.int64]:
        """Draw independent samples.

        Parameters
        ----------
        n_samples
            How many.
        random_state
            Seed or generator; ``None`` for that of the estimator.
        backend
            Where the circuit runs, once for each sample; ``None`` for exact simulation of at most
            20 qubits.

        Returns
        -------
        ndarray
            Bits, shape ``(n_samples, n_features)``.

        Raises
        ------
        InvalidProblemError
            If ``n_samples`` is no positive integer.
        TooLargeError
            If there are more qubits than are simulated or than the backend has, or more samples
            than shots that it takes.
        """
        state = self.random_state if random_state is None else random_state
        if backend is None:
            return super().sample(n_samples, state)
        check_is_fitted(self)
        require_count("n_samples", n_samples)
        device = open_backend(backend)
        circuit = self.to_circuit()
        circuit.measure_all()
        executed = execute([circuit], device, int(n_samples), seed_for(device, state))
        return executed.outcomes[0]["meas"].astype(np.int64)

    def _require_training(self) -> None:
        for name in ("max_steps", "patience"):
            require_count(name, getattr(self, name))
        require_positive("tol", self.tol, zero=True)
        if self.loss not in LOSSES:
            raise UnknownNameError("loss", self.loss, LOSSES)
        require_bandwidth(self.bandwidth)

    def _descend(
        self, loss: Loss, monitor: Callable[[Floats], float], start: Floats, learning_rate: float
    ) -> None:
        settings = Settings(
            float(learning_rate), int(self.max_steps), int(self.patience), float(self.tol)
        )
        with progress_bar(shown=self.verbose) as progress:

            def report(step: int, value: float) -> None:
                progress(f"{self.loss} {value:.3g} after {step} steps", step, settings.max_steps)

            found = descend(loss, monitor, start, settings, report)
        self.angles_, self.n_iter_ = found.parameters, found.step
        self.losses_, self.monitored_losses_ = found.losses, found.monitored

    def _log_likelihoods(self, X: NDArray[np.int64]) -> Floats:
        chances = self.probabilities()[configuration_numbers(X, self.categories_.sizes)]
        with np.errstate(divide="ignore"):
            return np.log(chances)

    def _draw(self, n_samples: int, generator: np.random.Generator) -> NDArray[np.int64]:
        sums = np.cumsum(self.probabilities())
        drawn = np.searchsorted(sums, generator.random(n_samples) * sums[-1], side="right")
        # Rounding must not lead beyond the last configuration.
        numbers = np.minimum(drawn, sums.size - 1)[:, None]
        bits: NDArray[np.int64] = numbers >> np.arange(self.categories_.variables) & 1
        return bits


def judging_samples(
    X: NDArray[np.int64], shares: Floats, valid: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], Floats]:
    """Return what training is judged by: samples set apart if there are any, with their shares."""
    return (X, shares) if valid is None else (valid, np.full(len(valid), 1 / len(valid)))
