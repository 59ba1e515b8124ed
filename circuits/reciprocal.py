"""The reciprocal rotation of HHL: clock size, evolution time and angles from (kappa, epsilon)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from scipy.interpolate import CubicSpline
from scipy.optimize import linprog

from circuits.multiplexed import multiplexed_rotation

GUARD_QUBITS = 1
"""With one guard qubit every trigonometric polynomial below the clock's degree is reachable."""

MAX_CLOCK_QUBITS = 12
"""Largest clock tried: designing its table of 2**10 angles takes minutes."""

_GOOD_SCALE = 2**-0.5
# Fractions of the full circle that the spectrum [0, 1], or [-1, 1], is mapped to. What remains is
# left for the filter to turn around in; the scale C changes little between 0.7 and 0.95 of this.
_ARC_DEFINITE, _ARC_INDEFINITE = 0.9, 0.45
_POINTS_PER_CELL = 32
_DENSE_KNOTS, _KNOT_GROWTH = 16, 0.2
# Solving for slightly more than is asked leaves room between the points of the programme, and
# checking for slightly more leaves room between those of the check.
_TIGHTENED, _CHECKED = 0.95, 0.99
# Amplitudes between knots may exceed 1 by this much before they are bounded too; what is left is
# divided out.
_LARGEST_AMPLITUDE = 1.01
_FEASIBILITY = 1e-9
_SMALLEST_EPSILON = 5e-6


@dataclass(frozen=True, eq=False)
class ReciprocalFilter:
    r"""What HHL does to each eigenvalue: :math:`g(\lambda) \approx C / \lambda`.

    Attributes
    ----------
    kappa, epsilon, definite
        What it was designed for: eigenvalues in [1/kappa, 1], or in that and its mirror image
        if not ``definite``; largest relative deviation of g from C / lambda.
    clock_qubits
        Size m of the clock register, the guard qubit included.
    time
        Evolution time of one unit of the clock, for a spectrum scaled to at most 1.
    scale
        The constant C. The success probability is ``C**2 ||H**-1 b||**2 / ||b||**2``, up to
        epsilon; C is at most about 1 / kappa.
    values
        Shape ``(2**m,)``: amplitude in [-1, 1] given to flag 1 for each clock state.
    deviation
        Largest relative deviation found on a grid of 32 points per clock cell; at most epsilon.
    """

    kappa: float
    epsilon: float
    definite: bool
    clock_qubits: int
    time: float
    scale: float
    values: NDArray[np.float64] = field(repr=False)
    deviation: float

    def __call__(self, eigenvalues: ArrayLike) -> NDArray[np.float64]:
        """Evaluate g at eigenvalues of any shape."""
        angles = np.asarray(eigenvalues, dtype=float) * self.time
        kernel = _clock_distribution(angles.ravel(), self.clock_qubits)
        return (kernel @ self.values).reshape(angles.shape)


@lru_cache(maxsize=64)
def reciprocal_filter(kappa: float, epsilon: float, *, definite: bool) -> ReciprocalFilter:
    r"""Choose clock size, evolution time and rotation for a condition number and a precision.

    The amplitude that passes HHL's post-selection (flag 1, clock back in 0) for an eigenvalue
    :math:`\lambda` is :math:`g(\lambda) = \sum_k r_k |\alpha_k(\lambda)|^2`, where
    :math:`|\alpha_k|^2` is the phase-estimation distribution and :math:`r_k` the rotation's
    amplitude at clock state k. The textbook sets :math:`r_k = C / \lambda_k` and inherits the
    slowly decaying leakage of phase estimation as its error. But g is linear in r: with one
    guard qubit it runs through *all* real trigonometric polynomials in :math:`\lambda t` of
    degree below :math:`2^{m-1}`. So the r that maximises C subject to

    .. math:: |\lambda\, g(\lambda) - C| \le \epsilon C \quad\text{on the spectrum's range},
              \qquad |r_k| \le 1

    is found by linear programming, from kappa, epsilon and the sign alone; neither the
    eigenvalues nor b are used.

    Error budget: with exact evolution and state preparation, a relative deviation of at most
    epsilon at every eigenvalue bounds the sine of the angle between the state found and the
    solution by epsilon, for every b, and likewise the relative error of the unnormalised
    solution. There is no other error on an exact simulator.

    Parameters
    ----------
    kappa
        Condition number, at least 1.
    epsilon
        Relative precision, at least 5e-6 and below 1.
    definite
        Whether the spectrum is positive. If not, the clock is read in two's complement, the
        filter is odd, and one more clock qubit is needed.

    Returns
    -------
    ReciprocalFilter
        With the smallest clock for which C * kappa is at least 1/sqrt(2): from there a further
        qubit cannot double the success probability. The clock holds about
        ``log2(kappa log(1/epsilon))`` qubits; the rotation takes ``2**m`` CX.

    Raises
    ------
    ValueError
        If an argument is out of range, or no clock of up to ``MAX_CLOCK_QUBITS`` suffices.

    Notes
    -----
    The unknowns of the programme are the amplitudes near the ends of the spectrum; a cubic spline
    gives those between. The precision is checked on a grid of 32 points per clock cell, and points
    where it is exceeded are added until none is left. Designing takes 0.1 s at kappa = 10, 1 s at
    100 and about 10 s at 300 (epsilon = 1e-2). Results are kept for the session.
    """
    if not (np.isfinite(kappa) and kappa >= 1):
        raise ValueError(f"kappa = {kappa}: the condition number is a finite number >= 1")
    if not _SMALLEST_EPSILON <= epsilon < 1:
        raise ValueError(
            f"epsilon = {epsilon}: the precision lies between {_SMALLEST_EPSILON} and 1, for want "
            "of digits in the linear programme"
        )
    smallest = max(GUARD_QUBITS + 2, _least_clock_qubits(kappa, epsilon, definite))
    for clock_qubits in range(smallest, MAX_CLOCK_QUBITS + 1):
        found = _largest_scale(kappa, epsilon, definite, clock_qubits)
        if found is not None:
            return found
    raise ValueError(
        f"kappa = {kappa:.4g} at epsilon = {epsilon:.2g} needs more than {MAX_CLOCK_QUBITS} clock "
        "qubits, the most that a table of angles is built for; precondition the system or accept "
        "a larger epsilon"
    )


def reciprocal_rotation(values: ArrayLike) -> QuantumCircuit:
    r"""Give the flag the amplitude ``values[k]`` in 1 when the clock is in ``|k>``.

    Parameters
    ----------
    values
        Shape ``(2**m,)``, each in [-1, 1].

    Returns
    -------
    QuantumCircuit
        On ``m + 1`` qubits, clock first, flag last: a multiplexed Ry of at most ``2**m`` CX.

    Raises
    ------
    ValueError
        If a value lies outside [-1, 1] or their number is not a power of two.
    """
    amplitudes = np.asarray(values, dtype=float)
    if np.any(np.abs(amplitudes) > 1):
        raise ValueError("values: amplitudes of the reciprocal rotation must lie in [-1, 1]")
    return multiplexed_rotation(2 * np.arcsin(amplitudes), "y")


def _arc(definite: bool) -> float:
    """Fraction of the full circle that the interval from eigenvalue 0 to 1 is mapped to."""
    return _ARC_DEFINITE if definite else _ARC_INDEFINITE


def _least_clock_qubits(kappa: float, epsilon: float, definite: bool) -> int:
    """Bound the clock from below by Bernstein's inequality, to refuse a hopeless kappa at once.

    A trigonometric polynomial of degree D that stays within [-1, 1] changes by at most D times the
    change of its argument; g changes by a known amount near the pole.
    """
    time = 2 * np.pi * _arc(definite)
    if definite:
        ratios = 1 + np.geomspace(1e-3, 1e3, 200)
        ratios = ratios[ratios <= kappa]
        slopes = ((1 - epsilon) - (1 + epsilon) / ratios) / (ratios - 1)
        slope = float(np.max(slopes, initial=0))
    else:
        slope = 1 - epsilon
    degree = max(0.0, _GOOD_SCALE * slope * kappa / time)
    return int(np.ceil(np.log2(degree + 1))) + GUARD_QUBITS


def _largest_scale(
    kappa: float, epsilon: float, definite: bool, clock_qubits: int
) -> ReciprocalFilter | None:
    """Solve the linear programme for one clock size; None if its best filter is not good."""
    size = 2**clock_qubits
    arc = _arc(definite)
    time = 2 * np.pi * arc
    knots = _knots(size, arc * size, definite)
    # Multiplied by the eigenvalue, the best amplitudes hardly vary: they interpolate well, and as
    # unknowns they are well scaled.
    states = np.arange(size) if definite else np.abs(np.fft.fftfreq(size, 1 / size))
    weights = np.where(states <= arc * size, np.maximum(1, kappa * states / (arc * size)), 1)
    basis = _spline_basis(knots, size, definite) / weights[:, None]
    limits = weights[knots]
    check = np.linspace(1 / kappa, 1, int(np.ceil(_POINTS_PER_CELL * size * arc)))
    rows = kappa * check[:, None] * _filtered(check * time, basis)
    # Four points between knots to start from.
    on_arc = np.interp(np.arange(0, knots.size, 0.25), np.arange(knots.size), knots)
    chosen = np.unique(np.clip(np.searchsorted(check, on_arc / (arc * size)), 0, check.size - 1))
    bounded = np.array([], dtype=int)
    while True:
        solution = _solve_programme(rows[chosen], basis[bounded], limits, _TIGHTENED * epsilon)
        if solution is None or solution[1] < _GOOD_SCALE:
            # More points could only lower the scale further.
            return None
        unknowns, scale = solution
        values = basis @ unknowns
        deviation = np.abs(rows @ unknowns / scale - 1)
        exceeded = np.setdiff1d(_peaks(deviation, _CHECKED * epsilon), chosen)
        too_large = np.setdiff1d(_peaks(np.abs(values), _LARGEST_AMPLITUDE), bounded)
        if exceeded.size == 0 and too_large.size == 0:
            break
        chosen, bounded = np.union1d(chosen, exceeded), np.union1d(bounded, too_large)
    if np.max(deviation) > epsilon:
        return None
    excess = max(1.0, float(np.max(np.abs(values))))
    return ReciprocalFilter(
        kappa=kappa,
        epsilon=epsilon,
        definite=definite,
        clock_qubits=clock_qubits,
        time=time,
        scale=scale / kappa / excess,
        values=values / excess,
        deviation=float(np.max(deviation)),
    )


def _knots(size: int, arc_cells: float, definite: bool) -> NDArray[np.intp]:
    """Clock states whose amplitudes are free; those between are interpolated.

    Every state near the pole at 0 and near the end of the spectrum is one. Elsewhere the best
    amplitudes vary slowly, and their spacing grows with the distance from these two, so that
    the programme's size grows like the clock's qubits instead of its states.
    """
    # An odd filter is free at k = 1 ... size/2 - 1 only.
    end = size if definite else size // 2
    special = (0, arc_cells, end)
    knots = [0 if definite else 1]
    while knots[-1] < end - 1:
        distance = min(abs(knots[-1] - place) for place in special)
        step = max(1, int(_KNOT_GROWTH * (distance - _DENSE_KNOTS)))
        knots.append(min(end - 1, knots[-1] + step))
    return np.array(knots)


def _spline_basis(knots: NDArray[np.intp], size: int, definite: bool) -> NDArray[np.float64]:
    """Amplitudes of all clock states as a linear map from those at the knots."""
    if definite:
        closed = np.append(knots, size)
        unit = np.eye(knots.size)
        spline = CubicSpline(closed, np.vstack([unit, unit[:1]]), bc_type="periodic")
        return spline(np.arange(size))
    # Odd in k, which in two's complement also fixes 0 and -size/2 at zero.
    closed = np.concatenate([[0], knots, [size // 2], size - knots[::-1], [size]])
    unit, none = np.eye(knots.size), np.zeros((1, knots.size))
    spline = CubicSpline(
        closed, np.vstack([none, unit, none, -unit[::-1], none]), bc_type="periodic"
    )
    return spline(np.arange(size))


def _filtered(angles: NDArray[np.float64], basis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Contribution of each column of amplitudes to g at each eigenphase."""
    clock_qubits = basis.shape[0].bit_length() - 1
    pieces = np.array_split(angles, max(1, angles.size * basis.shape[0] // 2**24))
    return np.vstack([_clock_distribution(piece, clock_qubits) @ basis for piece in pieces])


def _solve_programme(
    rows: NDArray[np.float64],
    bounded: NDArray[np.float64],
    limits: NDArray[np.float64],
    epsilon: float,
) -> tuple[NDArray[np.float64], float] | None:
    """Maximise C; ``|rows @ r - C| <= epsilon C``, ``|bounded @ r| <= 1``, ``|r| <= limits``."""
    ones = np.ones((len(rows), 1))
    free = np.zeros((len(bounded), 1))
    constraints = [
        [rows, -(1 + epsilon) * ones],
        [-rows, (1 - epsilon) * ones],
        [bounded, free],
        [-bounded, free],
    ]
    result = linprog(
        np.append(np.zeros(limits.size), -1),
        A_ub=np.block(constraints),
        b_ub=np.concatenate([np.zeros(2 * len(rows)), np.ones(2 * len(bounded))]),
        bounds=[*zip(-limits, limits, strict=True), (0, None)],
        method="highs-ds",
        options={"primal_feasibility_tolerance": _FEASIBILITY},
    )
    return None if result.x is None else (result.x[:-1], float(result.x[-1]))


def _clock_distribution(angles: NDArray[np.float64], clock_qubits: int) -> NDArray[np.float64]:
    """Probability of each clock state k for each eigenphase; shape (angles, 2**clock_qubits)."""
    size = 2**clock_qubits
    length = size >> GUARD_QUBITS
    half = (angles[:, None] - 2 * np.pi * np.arange(size) / size) / 2
    sine = np.sin(half)
    on_grid = np.abs(sine) < 1e-9
    ratio = np.sin(length * half) / np.where(on_grid, 1.0, sine)
    # At a grid point both sines vanish and their ratio is +-length.
    return np.where(on_grid, length, ratio) ** 2 / (size * length)


def _peaks(deviation: NDArray[np.float64], limit: float) -> NDArray[np.intp]:
    """Find the indices of the local maxima above a limit."""
    padded = np.concatenate([[-np.inf], deviation, [-np.inf]])
    peak = (deviation >= padded[:-2]) & (deviation >= padded[2:]) & (deviation > limit)
    return np.flatnonzero(peak)
