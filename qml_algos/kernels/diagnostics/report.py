"""All that is worth knowing of a kernel before it is trusted, in one report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.metrics.pairwise import linear_kernel, rbf_kernel
from sklearn.utils.validation import check_X_y

from qml_algos.errors import InvalidProblemError
from qml_algos.kernels.diagnostics.complexity import ModelComplexity, complexity_of
from qml_algos.kernels.diagnostics.concentration import Concentration, concentration
from qml_algos.kernels.diagnostics.dimension import degrees_of_freedom, spanned_dimension
from qml_algos.kernels.diagnostics.geometry import GeometricDifference, difference_of
from qml_algos.kernels.diagnostics.resolution import shots_to_resolve
from qml_algos.kernels.diagnostics.spectra import (
    Decomposition,
    decomposition,
    normalised,
    require_regularisation,
)
from qml_algos.kernels.fidelity import FidelityKernel
from qml_algos.kernels.target_alignment import kernel_target_alignment

_WIDTHS = 4.0 ** np.arange(-4, 5)
"""Multiples of scikit-learn's ``gamma="scale"`` that the classical kernel is tuned over."""

_SPREAD = 0.1
"""Part of the spread of the entries that shots are to resolve."""


@dataclass(frozen=True)
class KernelFigures:
    """Figures of one kernel on given points and labels.

    Attributes
    ----------
    name
        As in ``"rbf, gamma 0.25"``.
    alignment
        Centred: `kernel_target_alignment`.
    effective_dimension, approximate_dimension
        See the functions of these names.
    complexity
        `ModelComplexity`.
    difference
        `GeometricDifference` between it and the quantum kernel; ``None`` for that itself.
    """

    name: str
    alignment: float
    effective_dimension: float
    approximate_dimension: float
    complexity: ModelComplexity
    difference: GeometricDifference | None = None


@dataclass(frozen=True)
class KernelReport:
    """A quantum kernel beside classical ones.

    Attributes
    ----------
    samples
        Number of points N.
    regularisation
        Of all figures, for Gram matrices of trace N.
    quantum
        Figures of the kernel.
    classical
        Of the linear and the tuned RBF kernel.
    concentration
        Of its entries; ``None`` unless it is a fidelity kernel.
    shots
        For each entry, to resolve a tenth of the spread of the entries, with 95 % confidence for
        nine in ten of them; ``None`` unless it is a fidelity kernel.
    """

    samples: int
    regularisation: float
    quantum: KernelFigures
    classical: tuple[KernelFigures, ...]
    concentration: Concentration | None
    shots: float | None

    @property
    def verdict(self) -> str:
        """What the bounds on prediction errors say, in a sentence."""
        best = min(self.classical, key=lambda figures: figures.complexity.error_bound)
        bounds = (
            f"{best.complexity.error_bound:.3g} against {self.quantum.complexity.error_bound:.3g}"
        )
        if best.complexity.error_bound <= self.quantum.complexity.error_bound:
            return (
                f"No advantage is to be expected: the {best.name} kernel has no larger bound on "
                f"its error ({bounds})."
            )
        assert best.difference is not None
        return (
            f"An advantage is possible, not shown: the {best.name} kernel has the larger bound on "
            f"its error ({bounds}; geometric difference {best.difference.generalisation:.3g}, "
            f"sqrt(N) = {np.sqrt(self.samples):.3g}). Compare both on points held out."
        )

    def __str__(self) -> str:
        heads = "alignment", "eff. dim.", "approx. dim.", "complexity", "training", "bound", "g"
        lines = [
            f"{self.samples} points, regularisation {self.regularisation:g}, trace N",
            f"{'kernel':24}" + "".join(f"{head:>13}" for head in heads),
            *(_row(figures) for figures in (self.quantum, *self.classical)),
        ]
        if self.concentration is not None:
            state = "CONCENTRATED: " if self.concentration.concentrated else ""
            lines.append(f"{state}{self.concentration}")
        if self.shots is not None:
            lines.append(f"shots for each entry, to a tenth of the spread: {self.shots:,.0f}")
        return "\n".join([*lines, self.verdict])


def diagnose(
    kernel: Any, X: ArrayLike, y: ArrayLike, *, regularisation: float = 1e-2
) -> KernelReport:
    """Measure a kernel on labelled points beside the best classical ones.

    The RBF kernel is tuned on the same points, over nine widths, for the smallest bound on its
    error.

    Parameters
    ----------
    kernel
        Any kernel of scikit-learn's or this package's kind, or a function of two matrices.
    X
        Shape ``(N, features)``.
    y
        Shape ``(N,)``: class labels, or real targets.
    regularisation
        Of all models, for Gram matrices of trace N; positive.

    Returns
    -------
    KernelReport
        Takes the Gram matrix, and about a dozen eigendecompositions of N rows.

    Raises
    ------
    ValueError, InvalidProblemError
        If X or y is not finite or has the wrong shape, y is constant, or the kernel's Gram matrix
        is not positive semidefinite.

    Warns
    -----
    KernelConcentrationWarning
        See `concentration`.
    """
    require_regularisation(regularisation)
    if not callable(kernel):
        raise InvalidProblemError(f"kernel = {kernel!r}: must be a kernel object or a function")
    data, labels = check_X_y(X, y, dtype=np.float64, ensure_min_samples=2)
    if np.all(labels == labels[0]):
        raise InvalidProblemError(f"y is constant ({labels[0]!r}): there is nothing to learn")
    gram = _gram(kernel, data)
    quantum = normalised(gram, "the kernel's Gram matrix")

    def figures(name: str, K: NDArray[np.float64], spectrum: Decomposition) -> KernelFigures:
        return KernelFigures(
            name=name,
            alignment=kernel_target_alignment(K, labels),
            effective_dimension=degrees_of_freedom(spectrum.values, regularisation),
            approximate_dimension=spanned_dimension(spectrum.values),
            complexity=complexity_of(spectrum, labels, regularisation),
            difference=None if K is gram else difference_of(spectrum, quantum, regularisation),
        )

    own = decomposition(gram, "the kernel's Gram matrix")
    is_fidelity = isinstance(kernel, FidelityKernel)
    return KernelReport(
        samples=len(data),
        regularisation=regularisation,
        quantum=figures(type(kernel).__name__, gram, own),
        classical=tuple(
            figures(*candidate) for candidate in _classical(data, labels, regularisation)
        ),
        concentration=concentration(gram, kernel.feature_map.qubits(data.shape[1]))
        if is_fidelity
        else None,
        shots=shots_to_resolve(np.clip(gram, 0, 1), precision=_SPREAD, unit="spread")
        if is_fidelity
        else None,
    )


def _gram(kernel: Callable[..., Any], data: NDArray[np.float64]) -> NDArray[np.float64]:
    if hasattr(kernel, "gram"):
        values: NDArray[np.float64] = kernel.gram(data).values
        return values
    return np.asarray(kernel(data, data), dtype=np.float64)


def _classical(
    data: NDArray[np.float64], labels: NDArray[Any], regularisation: float
) -> list[tuple[str, NDArray[np.float64], Decomposition]]:
    """Gram matrices of the linear and of the best RBF kernel, by name, and their spectra."""
    variance = float(data.var())
    scale = 1 / (data.shape[1] * variance) if variance > 0 else 1.0
    linear = linear_kernel(data - data.mean(axis=0))
    tried = []
    for width in scale * _WIDTHS:
        gram = rbf_kernel(data, gamma=width)
        spectrum = decomposition(gram)
        bound = complexity_of(spectrum, labels, regularisation).error_bound
        tried.append((bound, (f"rbf, gamma {width:.3g}", gram, spectrum)))
    _, best = min(tried, key=lambda entry: entry[0])
    return [("linear", linear, decomposition(linear, "the linear kernel's Gram matrix")), best]


def _row(figures: KernelFigures) -> str:
    complexity, difference = figures.complexity, figures.difference
    numbers = (
        figures.alignment,
        figures.effective_dimension,
        figures.approximate_dimension,
        complexity.complexity,
        complexity.training,
        complexity.error_bound,
    )
    last = "" if difference is None else f"{difference.generalisation:.3g}"
    return f"{figures.name:24}" + "".join(f"{number:13.3g}" for number in numbers) + f"{last:>13}"
