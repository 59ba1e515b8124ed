"""The Born machine of a parametrised circuit, trained by simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from qml_algos.backends.gradients import ProbabilityGradient
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.bandwidths import Bandwidth, chosen_bandwidths
from qml_algos.generative.circuit_born.ansatz import (
    ANSATZE,
    LAYOUTS,
    extended_mps,
    random_angles,
    random_circuit,
)
from qml_algos.generative.circuit_density import MOST_QUBITS, CircuitDensity, judging_samples
from qml_algos.generative.objectives import objective_of
from qml_algos.validation import require_count, require_positive, seed_from

Floats = NDArray[np.float64]


class CircuitBornMachine(CircuitDensity):
    r"""Outcomes of a parametrised circuit, as a model of bits.

    Probabilities are simulated, with exact gradients by PennyLane, on at most 20 qubits: what is
    trained here could have been sampled classically as well. Binary data only.

    Parameters
    ----------
    ansatz
        ``"brick-wall"`` or ``"staircase"``: layers of gates on neighbours, each any rotation of
        their four real amplitudes, of 2 CX. ``"hardware-efficient"``: RY and CZ. Or a circuit of
        your own, of rx, ry, rz, each by a parameter of its own, and cx, cz, h, x.
    layers
        Of the ansatz.
    start
        ``None`` for random angles, or a `MPSBornMachine`, which is fitted to the data first, as a
        copy (wrapped in `sklearn.frozen.FrozenEstimator` it is taken as it is, fitted). Gates that
        approximate its state come first, along its order of variables, then the layers of the
        ansatz, which do nothing as yet.
    start_rounds
        Gates for each pair of neighbours that approximate the state of ``start``.
    loss
        ``"likelihood"``, or ``"mmd"``: squared maximum mean discrepancy with Gaussian kernels of
        the Hamming distance, from the samples' distribution.
    bandwidth
        Of the kernel :math:`\exp(-h / 2 \sigma^2)`, or several, of which the loss is the mean.
        ``"median"``: half the median Euclidean distance of samples, and the whole.
    learning_rate
        Length of the first steps of Adam, radians; they shrink to 0 at ``max_steps``.
    max_steps
        At most.
    patience
        Looks at the loss without progress after which training ends, one in every 10 steps. It is
        the loss of ``X_valid``, or without it of X. The best angles seen are kept.
    tol
        What counts as progress, in units of the loss.
    n_categories
        ``None`` or 2.
    random_state
        Seed, generator, or ``None`` for a fresh one: of random angles, and of `sample` where it is
        given none.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    ansatz_
        The circuit with its parameters; variable k is qubit k.
    angles_
        Radians, in the order of ``ansatz_.parameters``.
    start_
        The fitted `MPSBornMachine`, or ``None``.
    bandwidths_
        Of the kernels.
    losses_
        Before each step.
    monitored_losses_
        What training was judged by: at the start and after every 10 steps.
    n_iter_
        Steps after which the angles were taken.
    n_features_in_
        Number of variables n.

    Notes
    -----
    *Cost* of a step: about four simulations of the circuit, whatever the number of parameters, in
    ``48 * 2**n`` bytes.

    *Random starts* of deep circuits have gradients that vanish exponentially with n; a tensor
    network that is already a good model is the cure of Rudolph et al.

    References
    ----------
    M. Benedetti et al., npj Quantum Inf. 5, 45 (2019), arXiv:1801.07686. J.-G. Liu, L. Wang, Phys.
    Rev. A 98, 062324 (2018), arXiv:1804.04168. M. S. Rudolph et al., Nat. Commun. 14, 8367 (2023),
    arXiv:2208.13673.
    """

    def __init__(
        self,
        ansatz: str | QuantumCircuit = "brick-wall",
        *,
        layers: int = 2,
        start: Any = None,
        start_rounds: int = 2,
        loss: str = "likelihood",
        bandwidth: Bandwidth = "median",
        learning_rate: float = 0.02,
        max_steps: int = 200,
        patience: int = 5,
        tol: float = 1e-6,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.ansatz = ansatz
        self.layers = layers
        self.start = start
        self.start_rounds = start_rounds
        self.loss = loss
        self.bandwidth = bandwidth
        self.learning_rate = learning_rate
        self.max_steps = max_steps
        self.patience = patience
        self.tol = tol
        self.n_categories = n_categories
        self.random_state = random_state
        self.verbose = verbose

    def to_circuit(self) -> QuantumCircuit:
        """Return the circuit with its angles; measuring qubit k draws variable k."""
        check_is_fitted(self)
        return self.ansatz_.assign_parameters(self.angles_)

    def _require_parameters(self) -> None:
        self._require_training()
        for name in ("layers", "start_rounds"):
            require_count(name, getattr(self, name))
        require_positive("learning_rate", self.learning_rate)
        if isinstance(self.ansatz, str) and self.ansatz not in ANSATZE:
            raise UnknownNameError("ansatz", self.ansatz, ANSATZE)
        if self.start is not None and self.ansatz not in LAYOUTS:
            raise InvalidProblemError(
                "start: gates that begin as the identity follow it, which this ansatz has not; "
                f"known: {', '.join(LAYOUTS)}"
            )

    def _fit(self, X: NDArray[np.int64], weights: Floats, valid: NDArray[np.int64] | None) -> None:
        qubits = X.shape[1]
        if qubits > MOST_QUBITS:
            raise TooLargeError(
                f"X has {qubits} columns: circuits of at most {MOST_QUBITS} qubits are simulated; "
                "use IQPBornMachine, or MPSBornMachine"
            )
        generator = np.random.default_rng(seed_from(self.random_state))
        shares = weights / weights.sum()
        self.start_ = None
        if self.start is not None:
            self.start_ = clone(self.start).fit(X, None, sample_weight=weights, X_valid=valid)
        self.ansatz_, start = self._prepared(qubits, generator)
        self.bandwidths_ = chosen_bandwidths(self.bandwidth, X, shares, generator)
        gradient = ProbabilityGradient(self.ansatz_)
        objective = objective_of(self.loss, X, shares, self.bandwidths_)
        judging = objective_of(self.loss, *judging_samples(X, shares, valid), self.bandwidths_)
        self._descend(
            lambda angles: gradient(angles, objective),
            lambda angles: judging(gradient.probabilities(angles))[0],
            start,
            self.learning_rate,
        )

    def _prepared(
        self, qubits: int, generator: np.random.Generator
    ) -> tuple[QuantumCircuit, Floats]:
        """Circuit and angles to start from."""
        layers = int(self.layers)
        if self.start_ is not None:
            return extended_mps(
                self.start_.cores_, self.start_.order_, int(self.start_rounds), self.ansatz, layers
            )
        if isinstance(self.ansatz, str):
            return random_circuit(self.ansatz, qubits, layers, generator)
        if self.ansatz.num_qubits != qubits or not self.ansatz.num_parameters:
            raise InvalidProblemError(
                f"ansatz has {self.ansatz.num_qubits} qubits and {self.ansatz.num_parameters} "
                f"parameters: {qubits} qubits are needed, one for each column of X, and a parameter"
            )
        return self.ansatz, random_angles(self.ansatz, generator)

    def _squared_amplitudes(self) -> Floats:
        return ProbabilityGradient(self.ansatz_).probabilities(self.angles_)
