r"""How many runs an answer takes, for the error and the confidence asked for.

Where a run is accepted with probability p, sampling takes ``shots / p`` runs. Amplitude estimation
takes ``estimation_uses`` uses of the circuit and its inverse, p accounted for: see
`qml_algos.speedup.bills.estimation`, whose c is the bandwidth of its window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from qml_algos.speedup.bills.estimation import angle_error, estimation_uses, require_share
from qml_algos.validation import require_epsilon, require_positive


@dataclass(frozen=True)
class ReadOut:
    """What it takes to read one answer.

    Attributes
    ----------
    shots
        Accepted runs.
    estimation_uses
        Uses of the circuit and its inverse by amplitude estimation; ``None`` where that does not
        give the answer.
    assumptions
        Whole sentences: what must hold for these figures.
    """

    shots: float
    estimation_uses: float | None
    assumptions: tuple[str, ...] = ()


def probability_readout(epsilon: float, confidence: float) -> ReadOut:
    r"""Read a probability, of which nothing is known.

    Parameters
    ----------
    epsilon
        Largest absolute error.
    confidence
        Probability that it is kept to.

    Returns
    -------
    ReadOut
        :math:`\ln(2/\delta) / (2 \epsilon^2)` shots with :math:`\delta` = 1 - confidence, and
        :math:`c / \arcsin \epsilon` uses.

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is no number between 0 and 1.

    References
    ----------
    W. Hoeffding, J. Am. Stat. Assoc. 58, 13 (1963), Theorem 2.
    """
    return observable_readout(epsilon, confidence)


def observable_readout(
    epsilon: float,
    confidence: float,
    success_probability: float = 1.0,
    *,
    spread: float = 1.0,
) -> ReadOut:
    r"""Read an expectation value of the normalised state that is accepted.

    Parameters
    ----------
    epsilon, confidence
        As for `probability_readout`.
    success_probability
        p, that a run is accepted; known.
    spread
        Largest less smallest eigenvalue of the observable: 1 for a projector (the share of a
        region, say), 2 for a Pauli string.

    Returns
    -------
    ReadOut
        :math:`s^2 \ln(2/\delta) / (2 \epsilon^2)` shots, and for small p about
        :math:`2 c s / (\epsilon \sqrt p)` uses: the probability to be accepted and to see the
        observable is estimated to :math:`\epsilon p / s`, wherever between 0 and p it is.

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is out of range.

    References
    ----------
    As for `probability_readout`.
    """
    _require(epsilon, confidence, success_probability)
    require_positive("spread", spread)
    relative = epsilon / spread
    shots = math.log(2 / (1 - confidence)) / (2 * relative**2)
    angle = angle_error(success_probability, min(1.0, relative) * success_probability)
    return ReadOut(max(1.0, shots), estimation_uses(angle, confidence))


def entry_readout(epsilon: float, confidence: float, success_probability: float = 1.0) -> ReadOut:
    r"""Read the absolute value of one amplitude of the normalised state that is accepted.

    Parameters
    ----------
    epsilon, confidence, success_probability
        As for `observable_readout`; the error is that of the absolute value, whose largest is 1.

    Returns
    -------
    ReadOut
        :math:`\ln(1/u) / \epsilon^2` shots where :math:`u + u^2 = \delta`, and
        :math:`c / \arcsin(\epsilon \sqrt p)` uses.

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is out of range.

    References
    ----------
    M. Okamoto, Ann. Inst. Stat. Math. 10, 29 (1959) (unverified): the square root of a frequency is
    above that of its probability by epsilon with a probability of at most
    :math:`e^{-2 n \epsilon^2}`, and below it with :math:`e^{-n \epsilon^2}`.
    """
    _require(epsilon, confidence, success_probability)
    tail = (math.sqrt(1 + 4 * (1 - confidence)) - 1) / 2
    angle = math.asin(epsilon * math.sqrt(success_probability))
    sign = "The sign of the entry is not read: an interference with a known amplitude tells it."
    return ReadOut(
        max(1.0, -math.log(tail) / epsilon**2), estimation_uses(angle, confidence), (sign,)
    )


def overlap_readout(epsilon: float, confidence: float, success_probability: float = 1.0) -> ReadOut:
    r"""Read the real part of an overlap, sign and all, by a Hadamard test.

    Parameters
    ----------
    epsilon, confidence, success_probability
        As for `observable_readout`; the overlap is between normalised states.

    Returns
    -------
    ReadOut
        :math:`2 \ln(2/\delta) / \epsilon^2` shots, and :math:`c / \arcsin(\epsilon \sqrt p / 2)`
        uses.

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is out of range.

    References
    ----------
    As for `probability_readout`.
    """
    _require(epsilon, confidence, success_probability)
    shots = 2 * math.log(2 / (1 - confidence)) / epsilon**2
    angle = math.asin(epsilon * math.sqrt(success_probability) / 2)
    return ReadOut(max(1.0, shots), estimation_uses(angle, confidence))


def vector_readout(
    size: float,
    epsilon: float,
    confidence: float,
    success_probability: float = 1.0,
    *,
    real: bool = True,
) -> ReadOut:
    r"""Read all amplitudes of the normalised state that is accepted.

    Parameters
    ----------
    size
        d, the number of amplitudes, up to 1e30.
    epsilon
        Largest Euclidean distance of the normalised vectors.
    confidence, success_probability
        As for `observable_readout`.
    real
        Whether the amplitudes are real.

    Returns
    -------
    ReadOut
        With :math:`k = d - 1` and :math:`t = \ln(1/\delta)`, :math:`(k + 2 \sqrt{k t} + 2 t) / (4
        \epsilon^2)` shots for the absolute values, and as many again for each qubit for the signs
        (twice that for complex phases); :math:`d / (\epsilon \sqrt p)` uses.

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is out of range.

    References
    ----------
    B. Laurent, P. Massart, Ann. Stat. 28, 1302 (2000), Lemma 1: the tail of a chi-square variable,
    which ``4 n`` times the squared distance of square roots of frequencies tends to. J. van
    Apeldoorn, A. Cornelissen, A. Gilyen, G. Nannicini, SODA 2023, arXiv:2207.08800 (unverified):
    about ``d / epsilon`` uses, up to logarithms, are enough and needed.
    """
    _require(epsilon, confidence, success_probability)
    require_positive("size", size)
    degrees, tail = max(0.0, size - 1.0), -math.log(1 - confidence)
    quantile = degrees + 2 * math.sqrt(degrees * tail) + 2 * tail
    circuits = 1 + math.ceil(math.log2(max(1.0, size))) * (1 if real else 2)
    assumptions = (
        "Shots of the whole vector are of a normal approximation; as many again for each qubit "
        "tell the signs.",
        "Estimating the whole vector is billed without the logarithmic factors of its algorithm.",
    )
    uses = max(1.0, float(size)) / (epsilon * math.sqrt(success_probability))
    return ReadOut(circuits * quantile / (4 * epsilon**2), uses, assumptions)


def _require(epsilon: float, confidence: float, success_probability: float) -> None:
    require_epsilon(epsilon)
    require_share("confidence", confidence)
    if success_probability != 1.0:
        require_share("success_probability", success_probability)
