"""Leading directions of data from a few of its rows, and how far these few leave them uncertain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.pca.classical.row_access import RowAccess
from qml_algos.sampling import Indices

COLUMNS = 256
"""Side of the small matrix that is diagonalised, to begin with."""
_KEPT = 64
"""Directions that are told apart; of the others only the sum counts."""
_LEAST_RATIO = 1e-12
"""Eigenvalues below this part of the largest are rounding errors of a Gram matrix."""

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sketch:
    """Rows that stand for all: ``block^T block`` is an unbiased estimate of ``X^T X``, centred.

    Attributes
    ----------
    rows
        Indices of the rows.
    scale
        Factor of each row in the block, ``1 / sqrt(s p_i)``.
    block
        The centred rows so scaled; shape ``(s, N)``.
    mean
        Of all rows, known or estimated; shape ``(N,)``.
    total
        Sum of the squared entries of X, centred; known or estimated.
    complete
        Whether these are all rows, each once, so that nothing is estimated.
    """

    rows: Indices
    scale: Array
    block: Array
    mean: Array
    total: float
    complete: bool


@dataclass(frozen=True, eq=False)
class Directions:
    """The leading eigenvectors of ``X^T X`` as a sketch shows them.

    Attributes
    ----------
    values, value_errors
        Eigenvalues and their standard errors; shape ``(k,)``.
    vectors, vector_errors
        Orthonormal rows and the standard errors of their entries; shape ``(k, N)``.
    weights
        Of the centred rows of X in each vector; shape ``(s, k)``.
    subspace_error
        Root mean square of the Frobenius norm of the sines between the subspace and the true one.
    rank
        Of the sketch.
    """

    values: Array
    value_errors: Array
    vectors: Array
    vector_errors: Array
    weights: Array
    subspace_error: float
    rank: int

    @property
    def error(self) -> float:
        """The larger of the subspace error and the relative errors of the eigenvalues."""
        return max(self.subspace_error, float(np.max(self.value_errors / self.values)))


def draw_sketch(access: RowAccess, count: int, generator: np.random.Generator) -> Sketch:
    """Draw rows and scale them so that their scatter estimates that of all."""
    rows = access.draw(count, generator)
    weights = 1 / (count * access.probability(rows))
    block, mean, total = access.read(rows), access.mean, access.total
    if mean is None:
        mean = weights @ block / weights.sum()
        block = block - mean
    if total is None:
        total = float(weights @ np.einsum("ij,ij->i", block, block))
    scale = np.sqrt(weights)
    return Sketch(rows, scale, scale[:, None] * block, mean, total, complete=False)


def whole_sketch(access: RowAccess) -> Sketch:
    """Take all rows, each once."""
    rows = np.arange(access.shape[0])
    block, mean = access.read(rows), access.mean
    if mean is None:
        mean = block.mean(axis=0)
        block = block - mean
    total = float(np.sum(block**2))
    return Sketch(rows, np.ones(rows.size), block, mean, total, complete=True)


def leading_directions(
    sketch: Sketch, components: int | None, tolerance: float, generator: np.random.Generator
) -> Directions:
    """Diagonalise a sketch, by sampled columns if both of its sides are long.

    To first order a row drawn moves the matrix element between directions l and j by
    ``sigma_l sigma_j u_il u_ij``, u being the left singular vectors. So the variance of
    eigenvalue j is ``lambda_j^2 (sum_i u_ij^4 - 1/s)``, and that of the part of direction l in
    direction j is ``lambda_l lambda_j sum_i u_il^2 u_ij^2 / (lambda_j - lambda_l)^2``. Takes
    ``O(s N min(s, N, COLUMNS))`` time, unless more columns are needed.

    Parameters
    ----------
    sketch
        Rows, centred and scaled.
    components
        Number k of directions; ``None`` for the rank of the sketch.
    tolerance
        Largest sine by which sampling columns may tilt the subspace.
    generator
        Draws the columns.

    Raises
    ------
    InvalidProblemError
        If the rank is less than k.

    References
    ----------
    A. Frieze, R. Kannan and S. Vempala, J. ACM 51, 1025 (2004), section 3 (rows, then columns).
    """
    found = _decomposed(sketch.block, components, tolerance, generator)
    values, left, right = found.values, found.left, found.right
    count = found.rank if components is None else components
    if count > found.rank:
        raise InvalidProblemError(
            f"n_components = {count}: the centred data has rank {found.rank} to working "
            "precision, and no more components"
        )
    signs = np.sign(right[np.abs(right[:, :count]).argmax(axis=0), np.arange(count)])
    weights = left[:, :count] * (signs * sketch.scale[:, None] / np.sqrt(values[:count]))
    if sketch.complete:
        value_errors, vector_errors, spread = np.zeros(count), np.zeros((count, len(right))), 0.0
    else:
        value_errors, vector_errors, spread = _errors(found, count)
    return Directions(
        values=values[:count],
        value_errors=value_errors,
        vectors=(right[:, :count] * signs).T,
        vector_errors=vector_errors,
        weights=weights,
        subspace_error=float(np.hypot(spread, found.tilt)),
        rank=found.rank,
    )


@dataclass(frozen=True, eq=False)
class _Singular:
    """Leading singular vectors of a block, with squared singular values, largest first.

    Attributes
    ----------
    rest
        Squared length that each row of the block has outside them.
    rank
        Of the block, as far as it was looked for.
    tilt
        Sine by which the first directions may err.
    """

    values: Array
    left: Array
    right: Array
    rest: Array
    rank: int
    tilt: float


def _errors(found: _Singular, count: int) -> tuple[Array, Array, float]:
    """Errors of eigenvalues and vectors, and of the subspace, that sampling the rows leaves."""
    values, left, right = found.values, found.left, found.right
    squares = left**2
    together = squares.T @ squares[:, :count]
    own = np.maximum(np.diagonal(together[:count]) - 1 / len(left), 0)
    # Between equal eigenvalues vectors turn freely.
    slopes = np.sqrt(values[:, None] * values[:count]) / _gaps(values[:count] - values[:, None])
    np.fill_diagonal(slopes, 0.0)
    # No eigenvalue outside is larger than the last one kept.
    last = np.sqrt(values[:count]) / _gaps(values[:count] - values[-1])
    beyond = last**2 * (found.rest @ squares[:, :count])
    spread = float(np.sqrt(np.sum(slopes[count:] ** 2 * together[count:]) + beyond.sum()))
    errors = np.empty((count, len(right)))
    for j in range(count):
        moved = left * left[:, j, None]
        turned = right * slopes[:, j]
        variance = np.einsum("nl,nl->n", turned @ (moved.T @ moved), turned)
        errors[j] = np.sqrt(np.maximum(variance, 0) + beyond[j] / len(right))
    # No entry of a unit vector is more uncertain than that.
    return values[:count] * np.sqrt(own), np.minimum(errors, 1.0), spread


def _gaps(differences: Array) -> Array:
    """Differences of eigenvalues, kept away from zero."""
    least = _LEAST_RATIO * np.abs(differences).max(initial=0.0) + np.finfo(float).tiny
    return np.where(np.abs(differences) < least, least, differences)


def _decomposed(
    block: Array, components: int | None, tolerance: float, generator: np.random.Generator
) -> _Singular:
    least = block.shape[1] if components is None else components
    columns = max(COLUMNS, 4 * least)
    while min(block.shape) > columns:
        found = _from_columns(block, least, columns, generator)
        if found is not None and found.tilt <= tolerance:
            return found
        columns *= 2
    values, left = _gram_spectrum(block)
    kept = max(_KEPT, least + 1)
    leading = values[:kept], left[:, :kept]
    right = block.T @ leading[1] / np.sqrt(leading[0])
    rest = _outside(block, *leading) if values.size > kept else np.zeros(len(block))
    return _Singular(*leading, right, rest, values.size, 0.0)


def _from_columns(
    block: Array, count: int, columns: int, generator: np.random.Generator
) -> _Singular | None:
    """Diagonalise a block by some columns, drawn by squared length, and improve on it once."""
    lengths = np.einsum("ij,ij->j", block, block)
    share = lengths / lengths.sum()
    chosen = generator.choice(lengths.size, size=columns, p=share)
    left = _gram_spectrum(block[:, chosen] / np.sqrt(columns * share[chosen]))[1]
    rank = left.shape[1]
    if rank <= count:
        return None
    # The best that the block itself has within the subspace found: Rayleigh and Ritz.
    directions = block.T @ left[:, : max(_KEPT, count + 1)]
    basis = scipy.linalg.qr(directions, mode="economic")[0]
    image = block @ basis
    values, turn = scipy.linalg.eigh(image.T @ image)
    values, turn = values[::-1], turn[:, ::-1]
    right, image = basis @ turn, image @ turn
    left = image / np.sqrt(values)
    outside = block.T @ image[:, :count] - values[:count] * right[:, :count]
    gaps = _gaps(values[:count] - values[count])
    tilt = float(np.linalg.norm(np.linalg.norm(outside, axis=0) / gaps))
    return _Singular(values, left, right, _outside(block, values, left), rank, tilt)


def _outside(block: Array, values: Array, left: Array) -> Array:
    """Squared length of each row outside its leading directions."""
    inside: Array = left**2 @ values
    rest: Array = np.maximum(np.einsum("ij,ij->i", block, block) - inside, 0.0)
    return rest


def _gram_spectrum(block: Array) -> tuple[Array, Array]:
    """Squared singular values that are not zero, largest first, and left singular vectors."""
    tall = block.shape[0] >= block.shape[1]
    values, vectors = scipy.linalg.eigh(block.T @ block if tall else block @ block.T)
    keep = values > _LEAST_RATIO * values[-1]
    values, vectors = values[keep][::-1], vectors[:, keep][:, ::-1]
    return values, block @ vectors / np.sqrt(values) if tall else vectors
