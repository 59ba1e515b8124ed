"""How complex a kernel's model of given labels is, and what that bounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import type_of_target

from qml_algos.kernels.checks import as_targets
from qml_algos.kernels.diagnostics.spectra import (
    Decomposition,
    decomposition,
    require_regular,
    require_regularisation,
)


@dataclass(frozen=True)
class ModelComplexity:
    r"""Complexity of the model that fits given labels.

    Attributes
    ----------
    complexity
        :math:`s = y^T \sqrt K (K + \lambda)^{-2} \sqrt K y`, the squared norm of the model's
        weights; :math:`y^T K^{-1} y` at :math:`\lambda = 0`.
    training
        :math:`\lambda^2 y^T (K + \lambda)^{-2} y`: its squared errors on the training points, added
        up.
    samples
        N.
    """

    complexity: float
    training: float
    samples: int

    @property
    def error_bound(self) -> float:
        r"""Bound on the mean absolute error on new points: :math:`\sqrt{t/N} + \sqrt{s/N}`.

        Up to a constant factor and a term that falls as :math:`1 / \sqrt N`.
        """
        return float(
            np.sqrt(self.training / self.samples) + np.sqrt(self.complexity / self.samples)
        )


def model_complexity(K: ArrayLike, y: ArrayLike, *, regularisation: float = 0.0) -> ModelComplexity:
    r"""Measure how complex a model of labels y is with a kernel.

    Far below N, the model generalises; as large as N, it has learnt the labels by heart.

    Parameters
    ----------
    K
        Shape ``(N, N)``, positive semidefinite; it is brought to trace N.
    y
        Shape ``(N,)``: real targets, or class labels. Two classes are 1 and -1; of more, each is
        told from the rest, and the mean over the classes is returned.
    regularisation
        :math:`\lambda`, on the scale of trace N.

    Returns
    -------
    ModelComplexity
        Takes ``O(N^3)``.

    Raises
    ------
    InvalidProblemError
        If K is no Gram matrix, shapes do not match, or K is singular and there is no
        regularisation.

    References
    ----------
    H.-Y. Huang et al., Nat. Commun. 12, 2631 (2021), arXiv:2011.01938; with regularisation,
    methods (M1).
    """
    spectrum = decomposition(K)
    return complexity_of(spectrum, as_targets(y, len(spectrum.values)), regularisation)


def complexity_of(
    spectrum: Decomposition, y: NDArray[np.generic], regularisation: float
) -> ModelComplexity:
    """Measure it for a kernel that is decomposed already; see `model_complexity`."""
    require_regularisation(regularisation)
    require_regular(spectrum.values, regularisation, "K")
    targets = numeric_targets(y)
    weights = np.mean((spectrum.vectors.T @ targets) ** 2, axis=1)
    shifted = (spectrum.values + regularisation) ** 2
    return ModelComplexity(
        complexity=float(np.sum(weights * spectrum.values / shifted)),
        training=float(regularisation**2 * np.sum(weights / shifted)),
        samples=len(targets),
    )


def numeric_targets(y: NDArray[np.generic]) -> NDArray[np.float64]:
    """Targets as columns: real ones as they are, classes as 1 and -1, one from the rest."""
    if type_of_target(y).startswith("continuous"):
        return np.asarray(y, dtype=np.float64)[:, None]
    classes = np.unique(y)
    told_apart = classes[1:] if len(classes) == 2 else classes
    return np.where(np.asarray(y)[:, None] == told_apart[None, :], 1.0, -1.0)
