r"""Derivatives of the log-likelihood from measurements of |Q>.

With :math:`O = (\partial M_i) M_i^{-1}`, both :math:`\Pi_x O + O^\dagger \Pi_x` and its sum over x
are Hermitian and, but for projectors on values of other qubits, act on qubit i alone. So X and Y of
that qubit, and all other bits in the same shot, tell both expectation values. Writing w for the
shares of the data and

.. math:: R(x) = w(x) / p(x) - 1 / p,

with p(x) the probability of outcome x and zeros on the conditioned qubits, and p that of the zeros,
the derivative of the mean log-likelihood is

.. math:: \sum_x R(x)\, \langle \Pi_x O + O^\dagger \Pi_x \rangle,

in the normalised state: a mean over shots, each weighted with how much more often the data has its
x than the model. Both halves of the difference come from the same shots, so that their noise falls
as the model approaches the data; that of p(x) remains.

1 / p(x) is estimated by N / k from k of N shots for these shots themselves, and by
(N + 1) / (k + 1) for others [1]_. The former is unbiased where x was seen, the latter has the mean
:math:`(1 - (1 - p)^{N + 1}) / p`: the gradient of what is hardly ever seen shrinks towards 0
instead of diverging. Standard errors are those of the delta method: each shot moves the gradient by
its own score, and those that tell p(x) through R, too.

.. [1] D. G. Chapman, Univ. Calif. Publ. Statist. 1, 131 (1951).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError, NothingAcceptedError
from qml_algos.generative.checks import as_weights
from qml_algos.generative.factor_graph.checks import checked_samples
from qml_algos.generative.factor_graph.measurement import Outcomes
from qml_algos.generative.factor_graph.state import QuantumGenerativeState
from qml_algos.generative.mps.samples import distinct
from qml_algos.results import Estimate
from qml_algos.validation import numeric_array

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_Z = 2


@dataclass(frozen=True, eq=False)
class GradientEstimate:
    """A gradient of the mean log-likelihood, estimated from shots.

    Attributes
    ----------
    gradient
        Nats by unit of each parameter, shape ``(m, p)``.
    standard_errors
        Of shot noise, to first order in it; shape ``(m, p)``.
    log_likelihood
        Mean of the data, nats.
    unseen
        Share of the data whose x was in no shot. Of these the gradient tells hardly anything.
    accepted
        Share of the shots that passed post-selection, of those that measure all bits.
    """

    gradient: Floats
    standard_errors: Floats
    log_likelihood: Estimate
    unseen: float
    accepted: float


@dataclass(frozen=True, eq=False)
class GradientProblem:
    """Whose likelihood is differentiated by what; checked before anything is run.

    Attributes
    ----------
    state
        The model.
    rows
        Distinct rows of the data, ascending by their keys; shape ``(K, n)``.
    shares
        Of the rows, shape ``(K,)``, of sum 1.
    operators
        Pauli coefficients of :math:`|b><b| O + h.c.`, by b, Pauli, qubit and parameter: shape
        ``(2, 3, m, p)``.
    """

    state: QuantumGenerativeState
    rows: Integers
    shares: Floats
    operators: Floats

    @classmethod
    def of(
        cls,
        state: QuantumGenerativeState,
        X: ArrayLike,
        slopes: ArrayLike,
        sample_weight: ArrayLike | None = None,
    ) -> Self:
        """Check what is given.

        Parameters
        ----------
        state
            The model, of at most 52 qubits.
        X
            Shape ``(N, n_variables)``, 0 or 1.
        slopes
            Derivatives of the matrices by p real parameters each, shape ``(m, p, 2, 2)``.
        sample_weight
            Shape ``(N,)``; ``None`` for ones.

        Raises
        ------
        InvalidProblemError
            If X is not binary or has another number of columns, weights are not finite, below 0 or
            all 0, or slopes have another shape.
        """
        data = checked_samples(X, state.n_variables)
        samples = distinct(data, as_weights(sample_weight, len(data)))
        order = np.argsort(_keys(samples.X))
        return cls(state, samples.X[order], samples.weights[order], _operators(state, slopes))

    def find(self, bits: Integers) -> Integers:
        """Return the rows that the visible bits of outcomes are, K for those that are none."""
        keys, known = _keys(bits[:, list(self.state.visible)]), _keys(self.rows)
        places = np.searchsorted(known, keys).clip(max=len(known) - 1)
        return np.where(known[places] == keys, places, len(known))

    def tells_all(self, found: Outcomes) -> bool:
        """Whether a setting measures every visible and conditioned bit."""
        return set(found.setting.turned) <= set(self.state.hidden)

    def estimate(self, outcomes: Sequence[Outcomes]) -> GradientEstimate:
        """Estimate the gradient of the mean log-likelihood from outcomes of all settings.

        Raises
        ------
        NothingAcceptedError
            If no shot passed post-selection.
        """
        excess = _excess(self, outcomes)
        gradient, errors = _gradient(self, outcomes, excess)
        return GradientEstimate(
            gradient, errors, excess.log_likelihood, excess.unseen, excess.acceptance
        )


@dataclass(frozen=True, eq=False)
class _Excess:
    """R of the rows, and at the end of others, for the shots that it comes from and for others."""

    own: Floats
    others: Floats
    probabilities: Floats
    acceptance: float
    log_likelihood: Estimate
    unseen: float


def _keys(rows: Integers) -> Integers:
    """Bit k of a key is variable k."""
    found: Integers = rows @ (1 << np.arange(rows.shape[1]))
    return found


def _operators(state: QuantumGenerativeState, slopes: ArrayLike) -> Floats:
    given = numeric_array(slopes, "slopes").astype(complex)
    qubits = state.n_qubits
    if given.ndim != 4 or given.shape[0] != qubits or given.shape[2:] != (2, 2):
        raise InvalidProblemError(
            f"slopes has shape {given.shape}: derivatives of {qubits} matrices by p parameters "
            f"each are needed, shape ({qubits}, p, 2, 2)"
        )
    o = given @ np.linalg.inv(state.matrices)[:, None]
    zero = [o[..., 0, 1].real, -o[..., 0, 1].imag, o[..., 0, 0].real]
    one = [o[..., 1, 0].real, o[..., 1, 0].imag, -o[..., 1, 1].real]
    return np.array([zero, one])


def _excess(problem: GradientProblem, outcomes: Sequence[Outcomes]) -> _Excess:
    """Estimate R from all shots that tell every bit of x."""
    pooled = [found for found in outcomes if problem.tells_all(found)]
    shots = sum(found.shots for found in pooled)
    counts = np.zeros(len(problem.rows) + 1)
    for found in pooled:
        np.add.at(counts, problem.find(found.bits), found.shares * found.shots)
    if not (accepted := counts.sum()):
        raise NothingAcceptedError(
            f"none of {shots:,} shots passed post-selection, so that nothing is known of the "
            "gradient: take more shots, a preparation without post-selection, or fewer "
            "conditioned qubits"
        )
    seen = np.maximum(counts[:-1], 1)
    own = np.append(problem.shares * shots / seen, 0.0) - shots / accepted
    probabilities = (counts[:-1] + 1) / (shots + 1)
    acceptance = (accepted + 1) / (shots + 1)
    others = np.append(problem.shares / probabilities, 0.0) - 1 / acceptance
    # To first order the log-likelihood moves with p(x) as R says.
    spread = counts @ own**2 / shots - (counts @ own / shots) ** 2
    mean = float(problem.shares @ np.log(probabilities / acceptance))
    return _Excess(
        own,
        others,
        probabilities,
        acceptance,
        Estimate(mean, float(np.sqrt(max(spread, 0.0) / shots))),
        float(problem.shares[counts[:-1] == 0].sum()),
    )


def _gradient(
    problem: GradientProblem, outcomes: Sequence[Outcomes], excess: _Excess
) -> tuple[Floats, Floats]:
    """Return the gradient and its standard errors, shape ``(m, p)``."""
    shape = problem.operators.shape[2:]
    gradient, total, variance = _known(problem), np.zeros(shape), np.zeros(shape)
    by_excess = np.zeros((len(excess.own), *shape))
    pooled: list[tuple[Outcomes, Floats]] = []
    for found in outcomes:
        scores = np.zeros((len(found.bits), *shape))
        pools = problem.tells_all(found)
        values = excess.own if pools else excess.others
        for places, factors in _terms(problem, found):
            scores += values[places, None, None] * factors
            weighted = found.shares[:, None, None] * factors
            np.add.at(by_excess, places, weighted)
            total += weighted.sum(axis=0)
        gradient += np.tensordot(found.shares, scores, 1)
        if pools:
            pooled.append((found, scores))
        else:
            variance += _variance(found, scores)
    # Shots that tell p(x) move the gradient through R, too.
    influence = np.zeros_like(by_excess)
    rates = (problem.shares / excess.probabilities**2)[:, None, None]
    influence[:-1] = -by_excess[:-1] * rates
    influence += total / excess.acceptance**2
    every = sum(found.shots for found, _ in pooled)
    for found, scores in pooled:
        moved = influence[problem.find(found.bits)] * (found.shots / every)
        variance += _variance(found, scores + moved)
    return gradient, np.sqrt(variance)


def _known(problem: GradientProblem) -> Floats:
    """Return what the data alone say of Z of visible qubits, which takes no shots."""
    found = np.zeros(problem.operators.shape[2:])
    signs = problem.shares @ (1 - 2 * problem.rows)
    visible = list(problem.state.visible)
    found[visible] = signs[:, None] * problem.operators.sum(axis=0)[_Z, visible]
    return found


def _terms(problem: GradientProblem, found: Outcomes) -> list[tuple[Integers, Floats]]:
    """Return what each outcome is multiplied with: places of its R, and factors ``(K, m, p)``."""
    state, turned, pauli = problem.state, found.setting.turned, found.setting.pauli
    signs = (1 - 2 * found.bits)[:, :, None]
    both = problem.operators.sum(axis=0)[pauli]
    nowhere = np.full(len(signs), len(problem.rows))
    if not turned:
        return [
            (problem.find(found.bits), signs * _only(both, state.hidden)),
            (nowhere, signs * _only(both, state.visible)),
        ]
    if turned == state.hidden:
        return [(problem.find(found.bits), signs * _only(both, turned))]
    [qubit] = turned
    terms = []
    # The bit that was not measured may have been either one, but 0 on a conditioned qubit.
    for bit in (0, 1) if qubit in state.visible else (0,):
        filled = found.bits.copy()
        filled[:, qubit] = bit
        factors = signs * _only(problem.operators[bit, pauli], turned)
        terms.append((problem.find(filled), factors))
    return terms


def _only(coefficients: Floats, qubits: Sequence[int]) -> Floats:
    """Keep the coefficients of some qubits, and 0 for the others."""
    found = np.zeros_like(coefficients)
    found[list(qubits)] = coefficients[list(qubits)]
    return found


def _variance(found: Outcomes, scores: Floats) -> Floats:
    """Variance of a mean over all shots; those rejected score 0."""
    mean = np.tensordot(found.shares, scores, 1)
    square = np.tensordot(found.shares, scores**2, 1)
    return np.maximum(square - mean**2, 0.0) / found.shots
