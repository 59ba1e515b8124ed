"""Gram matrices as support vector machines need them: symmetric and positive semidefinite."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.gaussian_process.kernels import Kernel

from qml_algos.backends import backend
from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.checks import as_gram
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.gram import GramMatrix
from qml_algos.kernels.positive_semidefinite import nearest_positive_semidefinite
from qml_algos.results import Resources
from qml_algos.validation import require_finite, seed_from

_ROUNDING = 1e-7
"""Of the trace: negative eigenvalues below that are left by rounding, also in single precision."""


def is_precomputed(kernel: object) -> bool:
    """Whether a kernel stands for Gram matrices that the user gives."""
    return isinstance(kernel, str) and kernel == "precomputed"


def is_sampled(kernel: Any) -> bool:
    """Whether a kernel, or one in a sum or product, is read by shots."""
    if not isinstance(kernel, Kernel):
        return False
    backends = _named(kernel, "backend").values()
    return any(shots is not None for shots in _named(kernel, "shots").values()) or any(
        given is not None and not backend(given).exact for given in backends
    )


def kernel_for_fit(
    kernel: Any, random_state: int | np.random.Generator | None, *, verbose: bool
) -> Any:
    """Return a kernel of the estimator's own, so that the one given stays as it is.

    Parameters
    ----------
    kernel
        Object or function; ``None`` for `FidelityKernel` as it is by default.
    random_state
        If it is not ``None``, every ``random_state`` among the kernel's parameters is drawn from
        it.
    verbose
        Whether to set every ``verbose`` among them.

    Raises
    ------
    InvalidProblemError
        If it cannot be called.
    """
    if kernel is None:
        kernel = FidelityKernel()
    if not callable(kernel) or isinstance(kernel, type):
        raise InvalidProblemError(
            f"kernel = {kernel!r}: must be a kernel object, a function of two matrices, "
            "'precomputed' or None"
        )
    own = clone(kernel, safe=False)
    if not isinstance(own, Kernel):
        return own
    if random_state is not None:
        generator = np.random.default_rng(seed_from(random_state))
        names = _named(own, "random_state")
        own.set_params(**{name: int(generator.integers(2**31)) for name in names})
    if verbose:
        own.set_params(**dict.fromkeys(_named(own, "verbose"), True))
    return own


def gram_of(kernel: Any, X: NDArray[np.float64], Y: NDArray[np.float64] | None) -> GramMatrix:
    """Evaluate a kernel of any make between the rows of X and of Y, or of X alone.

    Raises
    ------
    InvalidProblemError
        If the kernel returns no finite real matrix of the right shape.
    """
    if hasattr(kernel, "gram"):
        return kernel.gram(X, Y)
    start = time.perf_counter()
    # Kernels of scikit-learn add white noise where they are given one argument only.
    alone = Y is None and isinstance(kernel, Kernel)
    other = X if Y is None else Y
    values = np.asarray(kernel(X) if alone else kernel(X, other))
    shape = len(X), len(other)
    if values.shape != shape or values.dtype.kind not in "buif":
        raise InvalidProblemError(
            f"the kernel returned an array of shape {values.shape} and type {values.dtype}: a real "
            f"matrix of shape {shape} is needed"
        )
    require_finite(values, "the Gram matrix")
    seconds = time.perf_counter() - start
    return GramMatrix(values.astype(np.float64), None, Resources(classical_seconds=seconds))


def training_gram(kernel: Any, X: NDArray[np.float64]) -> GramMatrix:
    """Evaluate a kernel on the training data, and project what noise made indefinite.

    Costs ``N^3 / 3`` operations beside the kernel's, and an eigendecomposition if it is
    indefinite.
    """
    matrix = gram_of(kernel, X, None)
    values = (matrix.values + matrix.values.T) / 2
    least = _negative_eigenvalue(values)
    if least is None:
        return replace(matrix, values=values)
    return replace(
        matrix,
        values=nearest_positive_semidefinite(values),
        projected=True,
        least_eigenvalue=least,
    )


def precomputed_gram(X: NDArray[np.float64], kept: NDArray[np.intp]) -> GramMatrix:
    """Take the rows and columns that are kept of a Gram matrix that the user computed.

    Raises
    ------
    InvalidProblemError
        If it is not square, not symmetric, or has a negative eigenvalue, which is named.
    """
    values = as_gram(X, "X")[np.ix_(kept, kept)]
    least = _negative_eigenvalue(values)
    if least is not None:
        raise InvalidProblemError(
            f"the precomputed Gram matrix has the eigenvalue {least:.3g}: it must be positive "
            "semidefinite; qml_algos.kernels.nearest_positive_semidefinite projects it"
        )
    return GramMatrix(values, None, Resources(classical_seconds=0.0))


def _named(kernel: Kernel, name: str) -> dict[str, Any]:
    """Parameters of that name, of the kernel itself and of all within it."""
    return {key: value for key, value in kernel.get_params().items() if key.split("__")[-1] == name}


def _negative_eigenvalue(values: NDArray[np.float64]) -> float | None:
    """Return the least eigenvalue, if it is negative beyond rounding."""
    shift = _ROUNDING * abs(float(np.trace(values)))
    try:
        # A tenth of what the eigenvalues would take.
        np.linalg.cholesky(values + shift * np.eye(len(values)))
    except np.linalg.LinAlgError:
        least = float(scipy.linalg.eigvalsh(values, subset_by_index=[0, 0])[0])
        return least if least < -shift else None
    return None
