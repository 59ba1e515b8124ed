r"""What it costs in accuracy to leave rotations out of the Fourier transform.

Written without its swaps, the transform takes the qubits t = n-1, ..., 0 in turn: a Hadamard gate
turns the bit :math:`x_t` into the *output* :math:`y_t`, which then meets every input
:math:`x_c`, c < t, in a controlled phase of angle :math:`\theta_d = \pi / 2^d`, d = t - c. With

.. math:: e^{i \theta x y} = e^{i \theta / 4}\, e^{-i \theta Z_x / 4}\, e^{-i \theta Z_y / 4}\,
          e^{i \theta Z_x Z_y / 4}

only the last factor takes two-qubit gates. It alone is what is left out here; the others stay.

*Windows.* ``windows[t]`` is how many of the inputs right below t the output of t meets: those at
distances 1, ..., ``windows[t]``. ``full_windows`` leaves nothing out.

*Process infidelity.* On a basis state x the output t of either circuit is a qubit on the equator
of its sphere, and those of the two circuits differ by a rotation about z. Therefore

.. math:: \frac{\operatorname{tr} U^\dagger V}{2^n} =
          \mathbb{E}_z \prod_t \cos A_t(z), \qquad
          A_t(z) = \sum_{d > \mathrm{windows}[t]} \frac{\theta_d}{4}\, z_{t-d},

the mean over independent signs :math:`z_c = \pm 1`. No :math:`|A_t|` exceeds
:math:`a_t = \sum_d \theta_d / 4 < \pi / 4`, and :math:`-\log\cos A \le \gamma(a) A^2 / 2` for
:math:`|A| \le a` with :math:`\gamma(a) = -2 \log(\cos a) / a^2`, which tends to 1. Jensen's
inequality for the exponential function then gives

.. math:: 1 - F \le 1 - \exp\Big(-\sum_t \gamma(a_t) \sum_{d > \mathrm{windows}[t]}
          \big(\tfrac{\theta_d}{4}\big)^2\Big).

To first order this is an equality: infidelities of rotations add.

*Operator norm.* :math:`\|e^{i \theta Z Z / 4} - 1\| = 2 \sin(\theta / 8) \le \theta / 4`, and
distances of factors add. Leaving out whole controlled phases, as is usual, costs
:math:`\theta` each: with all of distance d left out :math:`\sum_d (n - d)\, \pi / 2^d`, four times
what is returned here.
"""

from __future__ import annotations

from functools import cache

import numpy as np

Windows = tuple[int, ...]
"""How many inputs the output of each qubit meets, by qubit."""


def controlled_phase(distance: int) -> float:
    """Angle in radians of the controlled phase between qubits of that distance."""
    return float(np.pi * 2.0**-distance)


def full_windows(n: int) -> Windows:
    """Windows of the exact transform."""
    return tuple(range(n))


def kept_windows(n: int, epsilon: float) -> Windows:
    """Leave out as many rotations as a process infidelity allows, the smallest ones first.

    Parameters
    ----------
    n
        Number of qubits.
    epsilon
        Process infidelity to stay within, 0 <= epsilon < 1. Of the distance at which it is
        reached, as many rotations are left out as it allows, from qubit 0 upwards.

    Returns
    -------
    Windows
        For fixed epsilon about ``log2(n / epsilon) / 2`` inputs for each output.
    """
    windows = list(full_windows(n))
    allowed = -np.log1p(-epsilon)
    exponent = 0.0
    for distance in range(n - 1, 0, -1):
        for t in range(distance, n):
            exponent += _exponent(t, distance - 1) - _exponent(t, distance)
            if exponent > allowed:
                return tuple(windows)
            windows[t] = distance - 1
    return tuple(windows)


def process_infidelity(windows: Windows) -> float:
    """Bound on 1 - F against the exact transform, derived above; 0 for full windows."""
    return float(-np.expm1(-sum(_exponent(t, kept) for t, kept in enumerate(windows))))


def operator_norm_bound(windows: Windows) -> float:
    """Bound on the spectral norm of the difference to the exact transform."""
    return sum(_distance(t, kept) for t, kept in enumerate(windows))


@cache
def _distance(t: int, kept: int) -> float:
    """Return what output t adds to the bound on the spectral norm."""
    angles = np.pi / 8 * 0.5 ** np.arange(kept + 1, t + 1)
    return float(np.sum(2 * np.sin(angles)))


@cache
def _exponent(t: int, kept: int) -> float:
    """Return what output t adds to the exponent of the bound on the infidelity."""
    left_out = np.pi / 4 * 0.5 ** np.arange(kept + 1, t + 1)
    largest = left_out.sum()
    # 1 + a**2 / 6 is the beginning of the series, and below 1e-4 all that double precision sees.
    excess = -2 * np.log(np.cos(largest)) / largest**2 if largest > 1e-4 else 1 + largest**2 / 6
    return float(excess * np.sum(left_out**2))
