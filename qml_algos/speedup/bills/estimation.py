r"""Uses of a circuit by amplitude estimation.

Amplitude estimation is phase estimation of a walk of two reflections, one of which takes the
circuit and its inverse. The other is controlled on both sides of it, so that a step turns the
phase by :math:`4 \theta`, with :math:`\sin^2 \theta` the probability sought. The phase register
starts in a prolate spheroidal window, which no other start beats in confidence. If :math:`\kappa_0`
is the largest eigenvalue of the sinc kernel, :math:`\kappa_0(c) = \mathrm{confidence}`, then an
error of :math:`\delta` in the angle takes :math:`c / \delta` uses. They are one coherent circuit.
Between a probability and its complement a few runs decide, which are not counted.

References
----------
G. Brassard, P. Hoyer, M. Mosca, A. Tapp, arXiv:quant-ph/0005055: amplitude estimation. D. Patel,
S. Tan, Y. Subasi, A. Sornborger, arXiv:2403.18927: prolate windows for it. That both directions of
a walk halve the cost: R. Babbush et al., Phys. Rev. X 8, 041015 (2018) (unverified).
D. Grinko, J. Gacon, C. Zoufal, S. Woerner, npj Quantum Inf. 7, 52 (2021), arXiv:1912.05559, do
without the phase register (`iterative_estimation_uses`).
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from qml_algos.validation import is_number, require_epsilon

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_WIDEST_WINDOW = 20.0
_CLOSEST = 1e-12


def iterative_estimation_uses(epsilon: float, confidence: float) -> float:
    r"""Return the uses that iterative amplitude estimation takes, to compare with `ReadOut`'s.

    Parameters
    ----------
    epsilon, confidence
        Largest error of a probability, and the probability that it is kept to.

    Returns
    -------
    float
        Twice :math:`\frac{0.8}{\epsilon} \ln\left(\frac{2}{\delta} \log_2 \frac{\pi}{4 \epsilon}
        \right)` steps: what its authors found in experiments, not their bound, which is 60 times
        as large (both unverified).

    Raises
    ------
    ValueError, InvalidProblemError
        If an argument is out of range, or epsilon above pi / 8.

    References
    ----------
    D. Grinko, J. Gacon, C. Zoufal, S. Woerner, npj Quantum Inf. 7, 52 (2021), arXiv:1912.05559.
    """
    require_epsilon(epsilon)
    require_share("confidence", confidence)
    if epsilon > math.pi / 8:
        raise ValueError(f"epsilon = {epsilon}: at most pi / 8 is accepted")
    rounds = math.log2(math.pi / (4 * epsilon))
    return 2 * 0.8 / epsilon * math.log(2 / (1 - confidence) * rounds)


@cache
def window_parameter(confidence: float) -> float:
    r"""Bandwidth c at which a prolate window has all but 1 - confidence within it.

    Parameters
    ----------
    confidence
        Between 0 and 1.

    Returns
    -------
    float
        c with :math:`\kappa_0(c)` = confidence, :math:`\kappa_0` the largest eigenvalue of
        :math:`\sin(c (x - y)) / (\pi (x - y))` on [-1, 1]: 2.6 for 0.95.

    Raises
    ------
    ValueError
        If the confidence is out of range, or so close to 1 that double precision does not tell.

    References
    ----------
    D. Slepian, H. Pollak, Bell Syst. Tech. J. 40, 43 (1961).
    """
    from scipy.optimize import brentq

    require_share("confidence", confidence)
    if confidence > 1 - _CLOSEST:
        raise ValueError(f"confidence = {confidence}: at most 1 - {_CLOSEST} is accepted")
    found: float = brentq(lambda c: _concentration(c) - confidence, 0.0, _WIDEST_WINDOW)
    return found


def _concentration(c: float) -> float:
    """Largest eigenvalue of the sinc kernel, by Gauss-Legendre quadrature."""
    kernel = c / np.pi * np.sinc(c / np.pi * (_NODES[:, None] - _NODES))
    scale = np.sqrt(_WEIGHTS)
    return float(np.linalg.eigvalsh(scale[:, None] * kernel * scale)[-1])


def estimation_uses(angle: float, confidence: float) -> float:
    r"""Return the uses of a circuit and its inverse that an angle takes.

    Parameters
    ----------
    angle
        Largest error of :math:`\theta`, in radians.
    confidence
        That it is kept to.

    Returns
    -------
    float
        ``window_parameter(confidence) / angle``, at least 1.

    Raises
    ------
    ValueError
        If the confidence is out of range.
    """
    return max(1.0, window_parameter(confidence) / angle)


def angle_error(largest: float, error: float) -> float:
    """Return the error of the angle that keeps a probability to an error.

    Parameters
    ----------
    largest
        That the probability may be: the error is kept to wherever below it lies.
    error
        Of the probability.

    Returns
    -------
    float
        Radians.
    """
    # sin^2(t + d) - sin^2(t) = sin(2 t + d) sin(d), whose first factor is 1 where t allows.
    free = math.asin(error)
    start = math.asin(math.sqrt(largest))
    if 2 * start + free >= math.pi / 2:
        return free
    end = largest + error
    slope = math.sqrt(end * (1 - largest)) + math.sqrt(largest * (1 - end))
    return math.asin(error / slope)


def require_share(name: str, value: float) -> None:
    """Refuse what is not strictly between 0 and 1.

    Raises
    ------
    ValueError
        Naming the argument.
    """
    if not is_number(value) or not 0 < value < 1:
        raise ValueError(f"{name} = {value!r}: must be a number strictly between 0 and 1")
