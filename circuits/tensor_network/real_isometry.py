"""Real isometries as two-qubit rotations, as few as their parameters allow, found numerically."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.tensor_network.windows import applied, orders

Matrix = NDArray[Any]
Pairs = tuple[tuple[int, int], ...]

ROUNDING = 1e-24
"""Squared distance of two isometries that counts as rounding."""

MOST_EXTRA_GATES = 3
"""By which the number of gates is raised, one by one, while no attempt converges."""

_ATTEMPTS = 12
_APPROXIMATE_ATTEMPTS = 2
_FAR = 2.0
"""Multiple of the tolerance from which another attempt is not worth its time."""
_ITERATIONS = 100
_STUCK = 0.98


@dataclass(frozen=True)
class _Wanted:
    """Isometry, root of the density matrix of what it is given, and how close is enough."""

    matrix: Matrix
    root: Matrix
    free: bool
    tolerance: float


@dataclass(frozen=True)
class _Attempt:
    """Gates and a rotation of the bond, and the squared distance that they leave."""

    gates: Matrix
    residual: Matrix
    distance: float


def real_isometry(
    matrix: Matrix, free: bool, generator: np.random.Generator
) -> tuple[Pairs, Matrix, Matrix] | None:
    r"""Find gates of SO(4) that make a real isometry, up to a rotation of all qubits but the first.

    Parameters
    ----------
    matrix
        Shape ``(2**p, 2**b)`` with orthonormal columns, p at least 2: qubits that join, in 0, are
        the last ones. A square one needs determinant 1.
    free
        Whether the rotation is left over; otherwise it is made too.
    generator
        Of the random gates that each attempt starts from.

    Returns
    -------
    pairs, gates, residual
        Places of the gates, of neighbours only; the gates, shape ``(number, 4, 4)``; and the
        rotation, shape ``(2**(p-1), 2**(p-1))``, by which the circuit differs from the matrix.
        With b = p - 1 and the rotation free: 4 gates for p = 3, 16 for p = 4, 64 for p = 5, at
        which there are as many parameters as needed, 4 in each gate and 1. None if no attempt
        converges.

    Notes
    -----
    Levenberg-Marquardt iteration for all gates and the rotation at once, each moved by Cayley's
    transform of an antisymmetric matrix; an iteration costs O(2**(p+b) k^2) for k parameters.
    Attempts that end in a local minimum are given up, and after some the number of gates is raised.
    """
    rows, columns = matrix.shape
    places = rows.bit_length() - 1
    fewest = fewest_gates(rows, columns, free)
    for number in range(fewest, fewest + MOST_EXTRA_GATES + 1):
        pairs = _bricks(places, number, free)
        for _ in range(_ATTEMPTS):
            found = _attempt(_Wanted(matrix, np.eye(columns), free, ROUNDING), pairs, generator)
            if found.distance < ROUNDING:
                return pairs, found.gates, found.residual
    return None


def approximate_isometry(
    matrix: Matrix,
    root: Matrix,
    tolerance: float,
    generator: np.random.Generator,
    free: bool = True,
) -> tuple[Pairs, Matrix, Matrix]:
    r"""Find few gates that make a real isometry well enough on the states it is given.

    Parameters
    ----------
    matrix
        As in `real_isometry`.
    root
        Shape ``(2**b, 2**b)``, times its transpose the density matrix of what goes in.
    tolerance
        Largest sum of the squared entries of ``(made - matrix) @ root``: the fidelity that is
        lost, to first order.
    generator, free
        As in `real_isometry`.

    Returns
    -------
    pairs, gates, residual
        As from `real_isometry`. The number of gates is found by bisection, from 1 to 3 more than
        `fewest_gates`, at up to two attempts each. The closest found if none is within the
        tolerance.
    """
    rows, columns = matrix.shape
    wanted = _Wanted(matrix, root, free, tolerance)
    low, high = 0, fewest_gates(rows, columns, free) + MOST_EXTRA_GATES + 1
    best: tuple[float, Pairs, _Attempt] | None = None
    while high - low > 1:
        middle = (low + high) // 2
        pairs = _bricks(rows.bit_length() - 1, middle, free)
        for _ in range(_APPROXIMATE_ATTEMPTS):
            found = _attempt(wanted, pairs, generator)
            if best is None or found.distance < max(best[0], tolerance):
                best = found.distance, pairs, found
            if found.distance < tolerance or found.distance > _FAR * tolerance:
                break
        low, high = (low, middle) if found.distance < tolerance else (middle, high)
    assert best is not None
    return best[1], best[2].gates, best[2].residual


def fewest_gates(rows: int, columns: int, free: bool) -> int:
    """Count gates of as many parameters as an isometry has; wires have one each besides."""
    needed = rows * columns - columns * (columns + 1) // 2
    own = rows.bit_length() - 1
    if free:
        needed -= (rows // 2) * (rows // 2 - 1) // 2
        own = 1
    return max(1, -((own - needed) // 4))


def _bricks(places: int, number: int, free: bool) -> Pairs:
    """Alternate layers of neighbours; if the rotation is free, all gates can reach place 0."""
    layers = [[(a, a + 1) for a in range(parity, places - 1, 2)] for parity in (0, 1)]
    reached = {0} if free else set(range(places))
    found: list[tuple[int, int]] = []
    for layer in itertools.cycle(layers[: places - 1]):
        found += [pair for pair in layer if reached & set(pair)]
        reached |= {place for pair in found for place in pair}
        if len(found) >= number:
            break
    return tuple(found[:number][::-1])


def _attempt(wanted: _Wanted, pairs: Pairs, generator: np.random.Generator) -> _Attempt:
    """Iterate from random gates to convergence or a local minimum."""
    gates = np.linalg.qr(generator.normal(size=(len(pairs), 4, 4)))[0]
    gates[:, :, 0] *= np.linalg.det(gates)[:, None]
    damping = 0.1
    best = _measured(wanted, pairs, gates)
    for iteration in range(_ITERATIONS):
        jacobian, error = _linearised(wanted, pairs, best)
        normal, slope = jacobian @ jacobian.T, jacobian @ error
        before = best.distance
        while best.distance >= before:
            if damping > 1e6:
                return best
            step = np.linalg.solve(normal + damping * np.eye(len(normal)), -slope)
            moved = _rotations(step[: 6 * len(pairs)].reshape(-1, 6)) @ best.gates
            trial = _measured(wanted, pairs, moved)
            if trial.distance < before:
                best = trial
                damping = max(damping / 4, 1e-12)
            else:
                damping *= 4
        stuck = iteration > 20 and best.distance > _STUCK * before
        if best.distance < wanted.tolerance or stuck:
            break
    return best


def _measured(wanted: _Wanted, pairs: Pairs, gates: Matrix) -> _Attempt:
    """Find the rotation that brings the circuit closest."""
    made = _steps(wanted.matrix, pairs, gates)[-1] @ wanted.root
    aim = wanted.matrix @ wanted.root
    half = len(aim) // 2
    residual = np.eye(half)
    if wanted.free:
        joined = aim[:half] @ made[:half].T + aim[half:] @ made[half:].T
        left, _, right = np.linalg.svd(joined)
        left[:, -1] *= np.linalg.det(left @ right)
        residual = left @ right
    error = _with_rotation(residual, made) - aim
    return _Attempt(gates, residual, float(np.sum(error**2)))


def _linearised(wanted: _Wanted, pairs: Pairs, at: _Attempt) -> tuple[Matrix, NDArray[np.float64]]:
    """Differentiate the entries by each parameter, in one row; and the error."""
    rows, columns = wanted.matrix.shape
    steps = [step @ wanted.root for step in _steps(wanted.matrix, pairs, at.gates)]
    made = _with_rotation(at.residual, steps[-1])
    after = np.kron(np.eye(2), at.residual)
    derivatives = []
    generators = _generators(4)
    for pair, gate, step in zip(reversed(pairs), at.gates[::-1], steps[-1:0:-1], strict=True):
        to_front, back = orders(rows, pair)
        turned = generators @ step[to_front].reshape(4, -1)
        derivatives.append(after @ turned.reshape(6, rows, columns)[:, back])
        after = applied(gate.T, after.T, pair).T
    found = [each.reshape(6, -1) for each in reversed(derivatives)]
    if wanted.free:
        rotated = _generators(rows // 2) @ made.reshape(2, 1, rows // 2, columns)
        found.append(rotated.swapaxes(0, 1).reshape(-1, rows * columns))
    return np.concatenate(found), (made - wanted.matrix @ wanted.root).ravel()


def _steps(matrix: Matrix, pairs: Pairs, gates: Matrix) -> list[Matrix]:
    """Apply 0, 1, ... gates to the columns, the last qubits joining in 0."""
    rows, columns = matrix.shape
    steps: list[Matrix] = [np.eye(rows)[:, :: rows // columns]]
    for pair, gate in zip(pairs, gates, strict=True):
        steps.append(applied(gate, steps[-1], pair))
    return steps


def _with_rotation(rotation: Matrix, made: Matrix) -> Matrix:
    turned: Matrix = (rotation @ made.reshape(2, rotation.shape[0], -1)).reshape(made.shape)
    return turned


def _rotations(parameters: Matrix) -> Matrix:
    """Cayley's transform of antisymmetric matrices."""
    halves = np.tensordot(parameters, _generators(4), axes=1) / 2
    rotations: Matrix = np.linalg.solve(np.eye(4) - halves, np.eye(4) + halves)
    return rotations


@cache
def _generators(size: int) -> Matrix:
    """All antisymmetric matrices with one pair of entries, 1 and -1."""
    first, second = np.triu_indices(size, 1)
    generators = np.zeros((first.size, size, size))
    each = np.arange(first.size)
    generators[each, first, second], generators[each, second, first] = 1.0, -1.0
    return generators
