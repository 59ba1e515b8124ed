"""The dequantised solver: low-rank systems by sampling, in time that hardly depends on N."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import scipy.linalg
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, SingularMatrixError, UnsuitableSolverError
from qml_algos.linear_systems.classical.pseudo_inverse import factored_residual
from qml_algos.linear_systems.problem import LinearSystem
from qml_algos.linear_systems.solution import Solution
from qml_algos.linear_systems.structures import LowRank
from qml_algos.results import Estimate, Resources
from qml_algos.sampling import (
    Indices,
    SampledEntries,
    SampledMatrix,
    SampledProduct,
    SampledVector,
)
from qml_algos.validation import require_epsilon

Query = Callable[[Indices], NDArray[Any]]
"""Entries of a vector at indices."""

MAX_ENTRIES = 2**24
"""Entries of A that are read at once, at most: 128 MiB if real."""

_DEVIATIONS = 4.0
"""Standard deviations of the sampled solution that fit into epsilon."""

_REMAINDER = 1e-10
"""Part of a sample's weight outside its leading directions that counts as rounding."""

_LEAST_RATIO = 1e-6
"""Ratio of singular values of a sample below which the rank is said to be lower."""


@dataclass(frozen=True, eq=False)
class SampledSolution:
    r"""The least-squares solution of least norm, described by a few rows of A.

    :math:`x_j = \sum_i \bar{A}_{ij} w_i` over the rows chosen: entries, samples and estimates
    cost O(rows) each, and x is never written down unless asked for.

    Attributes
    ----------
    matrix
        A.
    rows, weights
        Indices i and w, of equal length.
    covariance
        Of the weights, from finitely many samples; shape ``(rows, rows)``.
    norm
        Of x, estimated.
    relative_error
        Estimated standard deviation of x over its norm. Where A is not of the rank stated, what is
        cut off is not in it.
    remainder
        Part of the sampled rows' squared weight that the rank left out.
    entries_read
        Entries of A that were read to find x.
    """

    matrix: SampledMatrix = field(repr=False)
    rows: Indices = field(repr=False)
    weights: NDArray[Any] = field(repr=False)
    covariance: NDArray[Any] = field(repr=False)
    norm: float
    relative_error: float
    remainder: float
    entries_read: int

    def entries(self, indices: Indices) -> NDArray[Any]:
        """Entries of x at indices."""
        values: NDArray[Any] = self.weights @ self.matrix.entries(self.rows, indices).conj()
        return values

    def vector(self) -> NDArray[Any]:
        """All entries of x; shape ``(N,)``, in O(N rows)."""
        size, block = self.matrix.shape[1], max(1, MAX_ENTRIES // 8 // self.rows.size)
        starts = range(0, size, block)
        return np.concatenate([self.entries(np.arange(s, min(s + block, size))) for s in starts])

    def sample(self, count: int, generator: np.random.Generator) -> Indices:
        """Draw indices with probability ``|x_j|^2 / ||x||^2``, as measuring the state |x> does.

        By rejection from the rows, with ``rows * sum_i |w_i|^2 ||A_i||^2 / ||x||^2`` tries each.
        """
        found: list[Indices] = []
        missing = count
        while missing > 0:
            candidates, block, _ = self._proposed(2 * missing, generator)
            values = np.abs(self.weights @ block.conj()) ** 2
            bound = self.rows.size * (np.abs(self.weights) ** 2 @ np.abs(block) ** 2)
            accepted = candidates[generator.random(candidates.size) * bound < values]
            found.append(accepted)
            missing -= accepted.size
        return np.concatenate(found)[:count]

    def expectation(
        self,
        observable: Query | NDArray[Any] | scipy.sparse.sparray,
        samples: int,
        generator: np.random.Generator,
    ) -> Estimate:
        """Estimate ``<x|M|x>``, x not normalised, for Hermitian M.

        Parameters
        ----------
        observable
            The diagonal of a diagonal M, as an array of shape ``(N,)`` or a function of indices;
            or a sparse M of shape ``(N, N)``.
        samples
            Number of indices drawn.
        generator
            Source of randomness.

        Returns
        -------
        Estimate
            Its standard error holds that of the samples and that of x.
        """
        indices, block, density = self._proposed(samples, generator)
        values = self.weights @ block.conj()
        if scipy.sparse.issparse(observable):
            image = self._image(scipy.sparse.csr_array(observable)[indices])
        else:
            image = _query(observable, self.matrix.shape[1])(indices) * values
        terms = (values.conj() * image).real / density
        # The derivative with respect to the weights.
        slope = 2 * (block.conj() * (image.conj() / density)).mean(axis=1)
        return Estimate(float(terms.mean()), self._error(terms, slope, half=True))

    def overlap(
        self, vector: SampledVector, samples: int, generator: np.random.Generator
    ) -> tuple[complex, float]:
        """Estimate ``<v|x>`` for a vector v with sampling access, and its standard error.

        Half of the indices are drawn from v, half from the rows that make up x; the estimate's
        variance is at most of the order of ``||v||^2 ||x||^2 / samples``.
        """
        own, _, _ = self._proposed(samples - samples // 2, generator)
        indices = np.concatenate([own, vector.sample(samples // 2, generator)])
        block = self.matrix.entries(self.rows, indices)
        theirs = vector.entries(indices)
        share = samples // 2 / samples
        density = (1 - share) * self._density(block) + share * np.abs(theirs / vector.norm) ** 2
        slope = block.conj() * (theirs.conj() / density)
        terms = self.weights @ slope
        return complex(terms.mean()), self._error(terms, slope.mean(axis=1), half=False)

    def _proposed(
        self, count: int, generator: np.random.Generator
    ) -> tuple[Indices, NDArray[Any], NDArray[np.float64]]:
        """Draw indices from the rows by their part in x; return their entries and densities."""
        parts = self._parts()
        rows = generator.choice(self.rows, size=count, p=parts)
        indices = self.matrix.sample_columns(rows, generator)
        block = self.matrix.entries(self.rows, indices)
        return indices, block, self._density(block)

    def _parts(self) -> NDArray[np.float64]:
        parts = np.abs(self.weights * self.matrix.row_norms(self.rows)) ** 2
        return np.asarray(parts / parts.sum())

    def _density(self, block: NDArray[Any]) -> NDArray[np.float64]:
        scale = self._parts() / self.matrix.row_norms(self.rows) ** 2
        return np.asarray(scale @ np.abs(block) ** 2)

    def _image(self, selected: scipy.sparse.csr_array) -> NDArray[Any]:
        """Products of some rows of a sparse matrix with x."""
        needed, places = np.unique(selected.indices, return_inverse=True)
        parts = (selected.data, places, selected.indptr)
        compact = scipy.sparse.csr_array(parts, shape=(selected.shape[0], needed.size))
        image: NDArray[Any] = compact @ self.entries(needed)
        return image

    def _error(self, terms: NDArray[Any], slope: NDArray[Any], *, half: bool) -> float:
        sampled = float(np.var(terms)) / terms.size
        from_weights = float((slope @ self.covariance @ slope.conj()).real)
        # A real part moves with half of a complex weight's variance.
        real = half and np.iscomplexobj(self.weights)
        return float(np.sqrt(sampled + max(from_weights, 0.0) / (2 if real else 1)))


def sample_solution(
    matrix: SampledMatrix,
    right_hand_side: Query | NDArray[Any],
    rank: int,
    epsilon: float,
    generator: np.random.Generator,
) -> SampledSolution:
    r"""Find ``A^+ b`` for a matrix of low rank with sampling access.

    Rows I are drawn by squared length, and columns from them: their crossing, rescaled, has the
    leading left singular vectors U of the sampled rows R (Frieze, Kannan, Vempala). Then
    :math:`x = B^H (B B^H)^{-1} U^H (S b)` with :math:`B = U^H R` and S b the entries of b
    at I, rescaled; :math:`B B^H`, of the size of the rank, is estimated without bias from further
    columns, as many as bring the standard error that they show to a quarter of epsilon. Where
    the rank is exact, B is expressed by as many rows as the rank, and only those are read.

    Parameters
    ----------
    matrix
        A, of any shape (M, N).
    right_hand_side
        b, as an array of shape ``(M,)`` or a function of indices.
    rank
        Number of singular values kept.
    epsilon
        Relative error of x, at four standard deviations.
    generator
        Source of randomness.

    Raises
    ------
    SingularMatrixError
        If the rank is lower than stated.
    UnsuitableSolverError
        If more entries of A than `MAX_ENTRIES` would have to be read at once.

    Notes
    -----
    Cost: ``O(rank^3 kappa^2 / epsilon^2)`` entries and samples for b in the range of A, whatever
    M and N are, kappa that of the part kept.

    References
    ----------
    A. Frieze, R. Kannan, S. Vempala, J. ACM 51, 1025 (2004).
    N.-H. Chia, A. Gilyen, T. Li, H.-H. Lin, E. Tang, C. Wang, Proc. 52nd STOC, 387 (2020).
    A. Gilyen, Z. Song, E. Tang, Quantum 6, 754 (2022).
    """
    require_epsilon(epsilon)
    query = _query(right_hand_side, matrix.shape[0])
    row_count, column_count = _crossing(rank), 200 * rank
    while True:
        sketch = _sketch(matrix, query, rank, row_count, generator)
        fit = _fit(matrix, sketch, column_count, generator)
        allowed = epsilon / _DEVIATIONS
        if fit.row_error + fit.column_error <= allowed**2:
            return _solution(matrix, sketch, fit)
        # Each part is to stay within half of the variance.
        if fit.row_error > allowed**2 / 2:
            row_count = _more(row_count, 2 * fit.row_error / allowed**2)
        if fit.column_error > allowed**2 / 2:
            column_count = _more(column_count, 2 * fit.column_error / allowed**2)
        _require_readable(row_count * _crossing(rank), epsilon)
        _require_readable(sketch.rows.size * column_count, epsilon)


@dataclass(frozen=True)
class DequantisedSolver:
    r"""Sampling instead of reading, for matrices of low rank.

    Solves a `LowRank` matrix given by factors, or the leading part of rank ``rank`` of any other;
    the solution is the least-squares one of least norm. See `sample_solution` for the method, and
    call it for matrices that are not stored at all or solutions that must not be written down.

    Cost: building the sampling structure reads every factor or entry once, and writing x down
    takes ``O(N rank)``; what lies between does not grow with N. So for a stored matrix the
    exact `PseudoInverse` is faster at any size: this solver shows what a quantum one has to
    beat when *given* sampling access.

    Parameters
    ----------
    epsilon
        Relative error of the normalised solution, at four standard deviations.
    rank
        Number of singular values kept; that of a `LowRank` matrix by default.
    random_state
        Seed of the samples.
    """

    epsilon: float = 5e-2
    rank: int | None = None
    random_state: int = 0
    name: ClassVar[str] = "dequantised"

    def __post_init__(self) -> None:
        require_epsilon(self.epsilon)
        rank = self.rank
        if rank is not None and (not isinstance(rank, int | np.integer) or rank < 1):
            raise ValueError(f"rank = {rank!r}: must be a positive integer or None")

    def solve(self, problem: LinearSystem) -> Solution:
        """Solve.

        Raises
        ------
        UnsuitableSolverError
            If the rank is not known, or epsilon takes too many samples.
        SingularMatrixError
            If the rank is lower than stated.
        """
        rank = self._rank(problem)
        b, structure = problem.b, problem.structure
        start = time.perf_counter()
        matrix: SampledMatrix
        if isinstance(structure, LowRank):
            matrix = SampledProduct(structure.left, structure.right)
        else:
            matrix = SampledEntries(problem.A)
        built = time.perf_counter()
        generator = np.random.default_rng(self.random_state)
        found = sample_solution(matrix, b, rank, self.epsilon, generator)
        sampled = time.perf_counter()
        x = found.vector()
        end = time.perf_counter()
        return Solution(
            x=x,
            signs_known=True,
            solver=self.name,
            resources=Resources(classical_seconds=end - start),
            residual=_residual(problem, x),
            caveats=_caveats(found, built - start, sampled - built, end - sampled),
        )

    def _rank(self, problem: LinearSystem) -> int:
        structure = problem.structure
        if self.rank is None and not isinstance(structure, LowRank):
            raise UnsuitableSolverError(
                "DequantisedSolver needs a LowRank matrix, or the rank to be kept of another; A is "
                f"{structure.description}: give rank, or use Direct"
            )
        rank = structure.rank if self.rank is None and isinstance(structure, LowRank) else self.rank
        assert rank is not None
        if rank > problem.size:
            raise UnsuitableSolverError(f"rank = {rank}: A has {problem.size} rows")
        return rank


@dataclass(frozen=True, eq=False)
class _Sketch:
    """Rows that stand for A: ``B = change^H @ A[rows]`` spans the row space.

    Attributes
    ----------
    rows, change
        Indices, and shape ``(rows, rank)``.
    projected
        ``U^H S b``; shape ``(rank,)``.
    noise
        Covariance of it, from what b has outside the range of A.
    """

    rows: Indices
    change: NDArray[Any]
    projected: NDArray[Any]
    noise: NDArray[Any]
    remainder: float
    entries_read: int


@dataclass(frozen=True, eq=False)
class _Fit:
    """``x = B^H coefficients``, with the relative variances from rows and from columns."""

    coefficients: NDArray[Any]
    covariance: NDArray[Any]
    norm: float
    row_error: float
    column_error: float
    entries_read: int


def _sketch(
    matrix: SampledMatrix, b: Query, rank: int, count: int, generator: np.random.Generator
) -> _Sketch:
    rows = matrix.sample_rows(count, generator)
    scale = matrix.frobenius_norm / (matrix.row_norms(rows) * np.sqrt(count))
    columns = matrix.sample_columns(generator.choice(rows, size=_crossing(rank)), generator)
    block = scale[:, None] * matrix.entries(rows, columns)
    # The columns of a crossing so rescaled have equal lengths.
    block = block / np.linalg.norm(block, axis=0)
    vectors, values, _ = scipy.linalg.svd(block, full_matrices=False)
    if values.size < rank or values[rank - 1] < _LEAST_RATIO * values[0]:
        seen = int(np.sum(values > _LEAST_RATIO * values[0]))
        raise SingularMatrixError(
            f"rank = {rank}: A is singular within it, only {seen} of its singular values are not "
            "zero to working precision"
        )
    U = vectors[:, :rank]
    remainder = float(np.sum(values[rank:] ** 2) / np.sum(values**2))
    sampled = scale * b(rows)
    projected = U.conj().T @ sampled
    left_over = np.abs(sampled - U @ projected) ** 2 * count / max(count - rank, 1)
    noise = (U.conj().T * left_over) @ U
    if remainder > _REMAINDER:
        return _Sketch(rows, scale[:, None] * U, projected, noise, remainder, block.size)
    # R = U B, so that as many of its rows as the rank, well chosen, give B.
    chosen = scipy.linalg.qr(U.conj().T, mode="r", pivoting=True)[1][:rank]
    change = scale[chosen, None] * np.linalg.inv(U[chosen]).conj().T
    return _Sketch(rows[chosen], change, projected, noise, remainder, block.size)


def _fit(
    matrix: SampledMatrix, sketch: _Sketch, count: int, generator: np.random.Generator
) -> _Fit:
    columns = matrix.sample_columns(generator.choice(sketch.rows, size=count), generator)
    block = matrix.entries(sketch.rows, columns)
    norms = matrix.row_norms(sketch.rows)
    density = (np.abs(block) ** 2 / norms[:, None] ** 2).mean(axis=0)
    B = (sketch.change.conj().T @ block) / np.sqrt(density)
    gram = B @ B.conj().T / count
    inverse = np.linalg.inv(gram)
    coefficients = inverse @ sketch.projected
    # What each column moves: of gram @ coefficients, and so of the coefficients.
    shares = B * (coefficients.conj() @ B).conj() - sketch.projected[:, None]
    spread = shares @ shares.conj().T / (count * max(count - 1, 1))
    from_columns, from_rows = (inverse @ part @ inverse for part in (spread, sketch.noise))
    square = float((coefficients.conj() @ gram @ coefficients).real)
    return _Fit(
        coefficients,
        from_columns + from_rows,
        float(np.sqrt(square)),
        row_error=float(np.trace(gram @ from_rows).real) / square,
        column_error=float(np.trace(gram @ from_columns).real) / square,
        entries_read=block.size,
    )


def _solution(matrix: SampledMatrix, sketch: _Sketch, fit: _Fit) -> SampledSolution:
    change = sketch.change
    return SampledSolution(
        matrix=matrix,
        rows=sketch.rows,
        weights=change @ fit.coefficients,
        covariance=change @ fit.covariance @ change.conj().T,
        norm=fit.norm,
        relative_error=float(np.sqrt(fit.row_error + fit.column_error)),
        remainder=sketch.remainder,
        entries_read=sketch.entries_read + fit.entries_read,
    )


def _crossing(rank: int) -> int:
    """Numbers of rows and columns whose crossing shows the leading directions, to begin with."""
    return 20 * rank + 20


def _more(count: int, ratio: float) -> int:
    # The estimate of the ratio is uncertain, too.
    return int(np.ceil(1.2 * count * min(max(ratio, 1.2), 100.0)))


def _require_readable(entries: int, epsilon: float) -> None:
    if entries > MAX_ENTRIES:
        raise UnsuitableSolverError(
            f"epsilon = {epsilon:.1e} takes more than {MAX_ENTRIES:,} entries of A at once: give a "
            "larger epsilon, or use PseudoInverse or Direct"
        )


def _query(given: Query | NDArray[Any], size: int) -> Query:
    if callable(given):
        return given
    array = np.asarray(given)
    if array.shape != (size,):
        raise InvalidProblemError(f"a vector has shape {array.shape}: ({size},) is needed")
    return lambda indices: array[indices]


def _residual(problem: LinearSystem, x: NDArray[Any]) -> float:
    structure = problem.structure
    if isinstance(structure, LowRank):
        return factored_residual(structure, problem.b, x)
    return problem.residual(x)


def _caveats(
    found: SampledSolution, building: float, sampling: float, writing: float
) -> tuple[str, ...]:
    caveats = [
        f"Sampling: {found.entries_read:,} entries of A were read in {sampling:.2g} s; building "
        f"the sampling structure took {building:.2g} s, writing x down {writing:.2g} s.",
        "Error: promised at four standard deviations of the samples.",
    ]
    if found.remainder > _REMAINDER:
        caveats.append(
            f"Rank: {found.remainder:.1e} of the squared weight of A lies outside the rank kept; "
            "what that changes is not in the promised error."
        )
    return tuple(caveats)
