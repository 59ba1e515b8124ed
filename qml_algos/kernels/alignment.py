"""Trained kernels: weights of a feature map that align the kernel with the labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.optimize
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import seed_for
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.base import QuantumKernel
from qml_algos.kernels.checks import as_targets
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.state_cache import program_of
from qml_algos.kernels.target_alignment import (
    centred_gram,
    kernel_target_alignment,
    target_gram,
)
from qml_algos.validation import numeric_array, seed_from

__all__ = ["Alignment", "align"]

Progress = Callable[[str, int, int], None]
"""Called with a stage's name, the steps done and the steps there are."""

_FIRST_STEP = 1.0
_FIRST_SHIFT = 0.2
"""Gains of the stochastic method, in radians: of the first step and of the first differences."""

_STILL = 3
"""Steps in a row that move no weight by more than the tolerance, to count as converged."""

_DRAWS = 20


@dataclass(frozen=True, eq=False)
class Alignment:
    """A trained kernel.

    Attributes
    ----------
    kernel
        A copy of the one that was given, with the weights found.
    weights
        Shape ``(W,)``.
    history
        Alignment after each iteration, the one before the first in front. From shots, that of the
        subset of the step, as the mean of its two evaluations.
    iterations
        That were done.
    converged
        Whether it ended within the tolerance, not by the number of iterations.
    """

    kernel: QuantumKernel
    weights: NDArray[np.float64]
    history: NDArray[np.float64]
    iterations: int
    converged: bool


def align(
    kernel: QuantumKernel,
    X: ArrayLike,
    y: ArrayLike,
    *,
    iterations: int = 100,
    tolerance: float = 1e-5,
    batch: int | None = None,
    random_state: int | np.random.Generator | None = None,
    progress: Progress | None = None,
) -> Alignment:
    r"""Train the weights of a kernel's feature map: maximise the centred alignment with y.

    .. math:: A(w) = \frac{\langle H K(w) H, T \rangle_F}{\|H K(w) H\|_F \|H T H\|_F}

    of `kernel_target_alignment`; two classes, more, or real targets.

    An exact fidelity kernel is differentiated in reverse mode: a step costs about four Gram
    matrices, however many weights there are, and 32 bytes times ``N 2**n`` of memory. Other exact
    kernels are differentiated by differences, one Gram matrix for each weight. Both are optimised
    by L-BFGS-B. Kernels from shots are trained by simultaneous perturbation: two Gram matrices of
    a random subset for a step, a job each. A run that broke off and is started again with the same
    seed asks for the same jobs, and those recorded are not run again.

    Parameters
    ----------
    kernel
        With a feature map that has weights. It starts from its own, if it has any, or from random
        angles. It is not changed.
    X, y
        Shapes ``(N, features)`` and ``(N,)``.
    iterations
        At most.
    tolerance
        Largest derivative of the alignment by a weight, at the end. From shots: largest change of a
        weight, in radians, in each of the last three steps.
    batch
        Samples that a step compares, from shots only: ``batch (batch - 1)`` circuits a step.
        ``None`` for all.
    random_state
        Of the first weights, of the subsets and perturbations, and of sampling; see `seed_for`.
    progress
        Called after each iteration.

    Returns
    -------
    Alignment

    Raises
    ------
    InvalidProblemError
        If X or y is not as above or y is constant, the map has no weights, or iterations,
        tolerance or batch are out of range.
    UnknownNameError, TooLargeError
        As the kernel.

    References
    ----------
    C. Cortes, M. Mohri, A. Rostamizadeh, J. Mach. Learn. Res. 13, 795 (2012), definition 4.
    T. Hubregtsen et al., Physical Review A 106, 042431 (2022), arXiv:2105.02276.
    J. C. Spall, IEEE Transactions on Automatic Control 37, 332 (1992); gains: IEEE Transactions on
    Aerospace and Electronic Systems 34, 817 (1998).
    """
    data = numeric_array(X, "X")
    if data.ndim != 2 or not data.size:
        raise InvalidProblemError(f"X has shape {data.shape}: (samples, features) are needed")
    targets = as_targets(y, len(data))
    if len(np.unique(targets)) < 2:
        raise InvalidProblemError("y is constant: there is nothing to align with")
    exact = _is_exact(kernel)
    _require_options(iterations, tolerance, batch, len(data), exact)
    seed = _seed(kernel, random_state)
    generator = np.random.default_rng(seed)
    first = _first_weights(kernel, data, generator)
    problem = _Problem(kernel, data, targets, progress or _silent)
    if exact:
        return _by_gradient(problem, first, iterations, tolerance)
    size = len(data) if batch is None else batch
    return _by_perturbation(problem, first, iterations, tolerance, size, generator)


@dataclass(frozen=True)
class _Problem:
    kernel: QuantumKernel
    data: NDArray[np.float64]
    targets: NDArray[Any]
    progress: Progress

    def trained(self, weights: NDArray[np.float64], **params: Any) -> QuantumKernel:
        """Copy the kernel, with weights."""
        copy: QuantumKernel = clone(self.kernel)
        return copy.set_params(weights=weights.copy(), **params)


def _is_exact(kernel: QuantumKernel) -> bool:
    if not isinstance(kernel, QuantumKernel):
        raise InvalidProblemError(f"kernel = {kernel!r}: must be a quantum kernel")
    if kernel.shots is not None:
        return False
    return kernel.backend is None or open_backend(kernel.backend).exact


def _seed(kernel: QuantumKernel, random_state: int | np.random.Generator | None) -> int:
    if kernel.backend is None:
        return seed_from(random_state)
    return seed_for(open_backend(kernel.backend), random_state)


def _require_options(
    iterations: int, tolerance: float, batch: int | None, samples: int, exact: bool
) -> None:
    if not _is_whole(iterations) or iterations < 1:
        raise InvalidProblemError(f"iterations = {iterations!r}: must be a positive integer")
    number = isinstance(tolerance, int | float | np.number) and not isinstance(tolerance, bool)
    if not number or not 0 < tolerance < np.inf:
        raise InvalidProblemError(f"tolerance = {tolerance!r}: must be a positive number")
    if batch is None:
        return
    if exact:
        raise InvalidProblemError(
            f"batch = {batch!r}: subsets are for kernels from shots; this one is exact"
        )
    if not _is_whole(batch) or not 2 <= batch <= samples:
        raise InvalidProblemError(
            f"batch = {batch!r}: must be an integer from 2 to the number of samples, {samples}"
        )


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _first_weights(
    kernel: QuantumKernel, data: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    try:
        needed = kernel.feature_map.weights(data.shape[1])
    except ValueError as error:
        raise InvalidProblemError(f"{kernel.feature_map!r}: {error}") from None
    if not needed:
        raise InvalidProblemError(f"{kernel.feature_map!r} has no weights to train")
    if kernel.weights is None:
        return generator.uniform(-np.pi, np.pi, needed)
    given = numeric_array(kernel.weights, "weights")
    if given.shape != (needed,) or given.dtype.kind == "c":
        raise InvalidProblemError(
            f"weights of shape {given.shape}: {kernel.feature_map!r} takes {needed} real ones"
        )
    return given


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def _by_gradient(
    problem: _Problem, first: NDArray[np.float64], iterations: int, tolerance: float
) -> Alignment:
    reverse = isinstance(problem.kernel, FidelityKernel)
    loss = _fidelity_loss if reverse else _loss
    start = loss(problem, first)
    history = [-(start[0] if isinstance(start, tuple) else start)]

    def report(intermediate_result: scipy.optimize.OptimizeResult) -> None:
        history.append(-float(intermediate_result.fun))
        problem.progress("alignment", len(history) - 1, iterations)

    found = scipy.optimize.minimize(
        lambda weights: loss(problem, weights),
        first,
        jac=reverse,
        method="L-BFGS-B",
        callback=report,
        options={"maxiter": iterations, "gtol": tolerance, "ftol": 0.0},
    )
    weights = np.asarray(found.x, dtype=float)
    largest = float(np.max(np.abs(found.jac)))
    trained = problem.trained(weights)
    return Alignment(trained, weights, np.array(history), int(found.nit), largest <= tolerance)


def _loss(problem: _Problem, weights: NDArray[np.float64]) -> float:
    gram = problem.trained(weights).gram(problem.data).values
    return -kernel_target_alignment(gram, problem.targets)


def _fidelity_loss(
    problem: _Problem, weights: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    """Negative alignment of a fidelity kernel, and its gradient."""
    kernel, data = problem.kernel, problem.data
    angles = problem.trained(weights).angles(data)
    program = program_of(kernel.feature_map, data.shape[1])
    states = program.states(angles)
    overlaps = states.conj() @ states.T
    value, by_entry = _alignment_gradient(np.abs(overlaps) ** 2, problem.targets)
    # Each state is in a row and in a column, and |g|^2 changes by 2 Re(conj(g) dg).
    cotangents = 4 * (by_entry * overlaps.conj()) @ states
    by_angle = program.pullback(angles, cotangents)
    by_weight = kernel.feature_map.weight_gradient(kernel.bandwidth * data, weights, by_angle)
    return -value, -by_weight


def _alignment_gradient(
    gram: NDArray[np.float64], targets: NDArray[Any]
) -> tuple[float, NDArray[np.float64]]:
    """Centred alignment, and its derivatives by the entries of the Gram matrix."""
    own, target = centred_gram(gram), centred_gram(target_gram(targets))
    size = float(np.linalg.norm(own))
    direction = target / np.linalg.norm(target)
    if not size > 1e-14 * np.linalg.norm(gram):
        raise InvalidProblemError("the kernel is the same for all pairs of samples: no alignment")
    value = float(np.sum(own * direction)) / size
    return value, direction / size - value * own / size**2


def _by_perturbation(
    problem: _Problem,
    first: NDArray[np.float64],
    iterations: int,
    tolerance: float,
    size: int,
    generator: np.random.Generator,
) -> Alignment:
    """Simultaneous perturbation, with the gains that Spall recommends."""
    weights, history, still = first, [], 0
    delay = 0.1 * iterations
    for step in range(iterations):
        subset = _subset(problem.targets, size, generator)
        signs = generator.choice([-1.0, 1.0], first.size)
        shift = _FIRST_SHIFT / (step + 1) ** 0.101
        gain = _FIRST_STEP * ((delay + 1) / (step + 1 + delay)) ** 0.602
        seeds = generator.integers(2**31, size=2)
        above, below = (
            _measured(problem, weights + sign * shift * signs, subset, int(seed))
            for sign, seed in zip((1, -1), seeds, strict=True)
        )
        change = gain * (above - below) / (2 * shift) * signs
        weights = weights + change
        history.append((above + below) / 2)
        problem.progress("alignment", step + 1, iterations)
        still = still + 1 if np.max(np.abs(change)) <= tolerance else 0
        if still == _STILL:
            break
    trained = problem.trained(weights)
    return Alignment(trained, weights, np.array(history), len(history), still == _STILL)


def _measured(
    problem: _Problem, weights: NDArray[np.float64], subset: NDArray[np.intp], seed: int
) -> float:
    # A projection would bias the alignment, and is not needed for it.
    kernel = problem.trained(weights, random_state=seed, positive_semidefinite=False)
    gram = kernel.gram(problem.data[subset]).values
    return _alignment_gradient(gram, problem.targets[subset])[0]


def _subset(targets: NDArray[Any], size: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Draw samples without repetition, of two classes or values at least."""
    for _ in range(_DRAWS):
        subset = np.sort(generator.choice(len(targets), size, replace=False))
        if len(np.unique(targets[subset])) > 1:
            return subset
    raise InvalidProblemError(
        f"batch = {size}: {_DRAWS} subsets in a row held one class only; larger ones are needed"
    )
