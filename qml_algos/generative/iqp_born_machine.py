"""The Born machine of an IQP circuit, trained on expectation values and sampled as a circuit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from sklearn.utils.validation import check_is_fitted

from circuits.feature_maps.pair_phases import Connectivity
from circuits.iqp import iqp_circuit
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.bandwidths import Bandwidth, chosen_bandwidths
from qml_algos.generative.circuit_density import MOST_QUBITS, CircuitDensity, judging_samples
from qml_algos.generative.descent import Loss
from qml_algos.generative.iqp.discrepancy import SampledDiscrepancy
from qml_algos.generative.iqp.start import starting_angles
from qml_algos.generative.iqp.statevector import loss_and_gradient, probabilities
from qml_algos.generative.iqp.words import given_words, local_words, masks_of
from qml_algos.generative.objectives import objective_of
from qml_algos.results import Estimate
from qml_algos.validation import require_count, require_positive, seed_from

METHODS = ("auto", "exact", "sampled")
_EXACT_AT_MOST = 18
"""Qubits up to which ``method = "auto"`` trains on exact probabilities."""
_RATE = 0.04
"""Learning rate times the root of the number of qubits."""
_MONITORED_WORDS = 2048
"""Parities that judge parameters where training draws its own."""

Floats = NDArray[np.float64]


class IQPBornMachine(CircuitDensity):
    r"""Outcomes of an instantaneous quantum polynomial-time circuit, as a model of bits.

    The state is :math:`H^{\otimes n} \prod_j \exp(i \theta_j Z_{S_j}) H^{\otimes n} |0\rangle`.
    Expectation values of products of Z have a classical estimate, which is enough to train by the
    maximum mean discrepancy, at any size; sampling is believed to be classically hard in general
    and is left to a quantum computer. Binary data only.

    Parameters
    ----------
    weight
        Most qubits of a set S. All sets of 1 up to as many qubits, each two of which are neighbours
        on the graph, have an angle.
    graph
        Edges, pairs of variables; ``None`` for all pairs.
    generators
        Sets of your own instead, shape ``(m, n_features)``, of 0 and 1.
    loss
        ``"mmd"``: squared maximum mean discrepancy with Gaussian kernels of the Hamming distance,
        from the samples' distribution. ``"likelihood"``: by exact probabilities only.
    bandwidth
        Of the kernel :math:`\exp(-h / 2 \sigma^2)`, or several, of which the loss is the mean.
        ``"median"``: half the median Euclidean distance of samples, and the whole.
    method
        ``"exact"``: all probabilities are simulated, at most 20 qubits. ``"sampled"``: random
        parities, and random bit strings for their expectation values. ``"auto"``: exact up to 18
        qubits.
    learning_rate
        Length of the first steps of Adam, radians; they shrink to 0 at ``max_steps``. ``None``:
        ``0.04 / sqrt(n_features)``: what noise does to the n pairs of a qubit then does not add up
        with n.
    max_steps
        At most.
    n_words, n_draws
        Parities in a step of the sampled method, and bit strings for their expectation values,
        which words of at most two qubits do without.
    patience
        Looks at the loss without progress after which training ends, one in every 10 steps. It is
        the loss of ``X_valid``, or without it of X, by fixed parities where they are drawn. The
        best angles seen are kept.
    tol
        What counts as progress, in units of the loss.
    n_categories
        ``None`` or 2.
    random_state
        Seed, generator, or ``None`` for a fresh one: of training, and of `sample` where it is given
        none.
    verbose
        Whether to show a progress bar with the running loss, if there is a terminal.

    Attributes
    ----------
    generators_
        The sets S, shape ``(m, n_features)``.
    angles_
        Radians, shape ``(m,)``.
    bandwidths_
        Of the kernels.
    method_
        ``"exact"`` or ``"sampled"``.
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
    *Start.* Angles of pairs in proportion to correlations, those of single bits so that all means
    are right, as far as they can be; the others near 0.

    *Cost* of a step. Exact: eight Walsh-Hadamard transforms of ``2**n`` numbers, whatever m.
    Sampled, with B parities, S bit strings and N samples: ``2 B n N + 4 m (B S + n B + n S)``
    operations. Where no set has more than two qubits, the signs inside a parity are summed and
    those outside drop out: ``B n`` cosines times at most 64, without noise for parities of up to 7
    qubits.

    *Limits.* The discrepancy sees little of parities of many qubits, and a circuit without hidden
    qubits is not universal: of two qubits with a pair, say, the correlation is never negative where
    both means have the same sign.

    References
    ----------
    E. Recio-Armengol, S. Ahmed, J. Bowles, "Train on classical, deploy on quantum",
    arXiv:2503.02934 (2025).
    """

    def __init__(
        self,
        weight: int = 2,
        *,
        graph: Iterable[Sequence[int]] | None = None,
        generators: ArrayLike | None = None,
        loss: str = "mmd",
        bandwidth: Bandwidth = "median",
        method: str = "auto",
        learning_rate: float | None = None,
        max_steps: int = 300,
        n_words: int = 256,
        n_draws: int = 1024,
        patience: int = 10,
        tol: float = 1e-6,
        n_categories: int | Sequence[int] | None = None,
        random_state: int | np.random.Generator | None = None,
        verbose: bool = False,
    ) -> None:
        self.weight = weight
        self.graph = graph
        self.generators = generators
        self.loss = loss
        self.bandwidth = bandwidth
        self.method = method
        self.learning_rate = learning_rate
        self.max_steps = max_steps
        self.n_words = n_words
        self.n_draws = n_draws
        self.patience = patience
        self.tol = tol
        self.n_categories = n_categories
        self.random_state = random_state
        self.verbose = verbose

    def to_circuit(self, connectivity: Connectivity = "all") -> QuantumCircuit:
        """Return the circuit; measuring qubit k draws variable k.

        Parameters
        ----------
        connectivity
            ``"line"``: two-qubit gates on neighbours only, for sets of at most two qubits.

        Returns
        -------
        QuantumCircuit
            With ``n (n - 1) / 2`` CX for all pairs; see `circuits.iqp.iqp_circuit`.

        Raises
        ------
        ValueError
            If a set of more than two qubits is to be had on a line.
        """
        check_is_fitted(self)
        masks = masks_of(self.generators_)
        return iqp_circuit(self.categories_.variables, masks, self.angles_.tolist(), connectivity)

    def mmd(
        self,
        X: ArrayLike,
        *,
        n_words: int = 10_000,
        random_state: int | np.random.Generator | None = None,
    ) -> Estimate:
        """Estimate the squared discrepancy from the distribution of other samples, without bias.

        Parameters
        ----------
        X
            Shape ``(N, n_features)``, two samples or more.
        n_words
            Random parities to take the mean over, at least 2.
        random_state
            Seed or generator; ``None`` for that of the estimator.

        Returns
        -------
        Estimate
            With kernels of ``bandwidths_``. The standard error is that of the parities, not of
            the samples.

        Raises
        ------
        InvalidProblemError
            If X is no such table, or ``n_words`` out of range.
        """
        check_is_fitted(self)
        data = self._known(X)
        require_count("n_words", n_words)
        if min(len(data), n_words) < 2:
            raise InvalidProblemError(
                f"X has {len(data)} rows and n_words = {n_words}: at least 2 of each are needed"
            )
        state = self.random_state if random_state is None else random_state
        generator = np.random.default_rng(seed_from(state))
        weights = np.full(len(data), 1 / len(data))
        return self._sampled_discrepancy(data, weights, n_words).estimate(self.angles_, generator)

    def _require_parameters(self) -> None:
        self._require_training()
        for name in ("weight", "n_words", "n_draws"):
            require_count(name, getattr(self, name))
        if self.learning_rate is not None:
            require_positive("learning_rate", self.learning_rate)
        if self.n_draws < 2:
            raise InvalidProblemError(f"n_draws = {self.n_draws}: must be at least 2")
        if self.method not in METHODS:
            raise UnknownNameError("method", self.method, METHODS)
        if self.loss == "likelihood" and self.method == "sampled":
            raise InvalidProblemError(
                "loss = 'likelihood' needs exact probabilities: method = 'sampled' has none"
            )

    def _fit(self, X: NDArray[np.int64], weights: Floats, valid: NDArray[np.int64] | None) -> None:
        qubits = X.shape[1]
        self.method_ = self._chosen_method(qubits)
        if self.generators is None:
            self.generators_ = local_words(qubits, int(self.weight), self.graph)
        else:
            self.generators_ = given_words(self.generators, qubits)
        generator = np.random.default_rng(seed_from(self.random_state))
        shares = weights / weights.sum()
        self.bandwidths_ = chosen_bandwidths(self.bandwidth, X, shares, generator)
        start = starting_angles(self.generators_, X, shares, generator)
        rate = self.learning_rate or _RATE / math.sqrt(qubits)
        judge, judge_shares = judging_samples(X, shares, valid)
        if self.method_ == "exact":
            loss, monitor = self._exact(X, shares), self._exact(judge, judge_shares)
            self._descend(loss, lambda angles: monitor(angles)[0], start, rate)
        else:
            drawn = self._sampled_discrepancy(X, shares, int(self.n_words))
            judging = self._sampled_discrepancy(judge, judge_shares, _MONITORED_WORDS)
            seed = seed_from(generator)
            self._descend(
                lambda angles: drawn.loss_and_gradient(angles, generator),
                lambda angles: judging.loss_and_gradient(angles, np.random.default_rng(seed))[0],
                start,
                rate,
            )

    def _exact(self, X: NDArray[np.int64], shares: Floats) -> Loss:
        objective = objective_of(self.loss, X, shares, self.bandwidths_)
        return lambda angles: loss_and_gradient(self.generators_, angles, objective)

    def _sampled_discrepancy(
        self, X: NDArray[np.int64], shares: Floats, n_words: int
    ) -> SampledDiscrepancy:
        return SampledDiscrepancy(
            self.generators_, X, shares, self.bandwidths_, n_words, int(self.n_draws)
        )

    def _chosen_method(self, qubits: int) -> str:
        exact = self.method == "exact" or self.loss == "likelihood"
        if exact and qubits > MOST_QUBITS:
            raise TooLargeError(
                f"X has {qubits} columns: exact probabilities are simulated for at most "
                f"{MOST_QUBITS}; use loss = 'mmd' and method = 'sampled'"
            )
        sampled = self.method == "sampled" or (not exact and qubits > _EXACT_AT_MOST)
        return "sampled" if sampled else "exact"

    def _squared_amplitudes(self) -> Floats:
        return probabilities(self.generators_, self.angles_)
