"""Likelihood of measured outcomes in the bases they were measured in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import bits_of, every_configuration, numbers_of, spins
from qml_algos.physics.snapshots.snapshots import Snapshots

MAX_ENTRIES = 2**24
"""Amplitudes that all different outcomes together may be sums of."""
MAX_NUMBERED_QUBITS = 62
"""Qubits whose configurations have a number in 64 bits."""
_DIAGONAL = 1e-9
_SMALLEST = 1e-300


@dataclass(frozen=True, eq=False)
class MeasuredAmplitudes:
    """Amplitudes of the different outcomes as sums of amplitudes of configurations.

    Attributes
    ----------
    matrix
        Sparse, shape ``(outcomes, configurations)``: elements of the rotations.
    spins
        Of the configurations, shape ``(configurations, qubits)``, entries +1 and -1.
    counts
        How often each outcome was seen, shape ``(outcomes,)``.
    diagonal
        Whether each outcome is one in the Z basis, shape ``(outcomes,)``.
    """

    matrix: Any
    spins: NDArray[np.float64]
    counts: NDArray[np.float64]
    diagonal: NDArray[np.bool_]

    @cached_property
    def _transposed(self) -> Any:
        return self.matrix.T.tocsr()

    @cached_property
    def _squared(self) -> tuple[Any, Any]:
        squared = abs(self.matrix).power(2)
        return squared, squared.T.tocsr()

    @property
    def samples(self) -> float:
        """Number of snapshots."""
        return float(self.counts.sum())

    def in_z(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Outcomes in the Z basis as spins, and the share of each among them."""
        rows = self.matrix[self.diagonal]
        counts = self.counts[self.diagonal]
        return self.spins[rows.indices], counts / counts.sum()

    def where(self, chosen: NDArray[np.bool_]) -> Self:
        """Keep some of the outcomes."""
        return type(self)(
            self.matrix[chosen], self.spins, self.counts[chosen], self.diagonal[chosen]
        )

    def folds(self, count: int, generator: np.random.Generator) -> list[tuple[Self, Self]]:
        """Hold each of some parts of the snapshots out in turn, drawn at random.

        Those in Z and the others are parted alike.

        Returns
        -------
        list
            Of pairs: what is left, and what is held out.
        """
        parts = np.zeros((count, len(self.counts)))
        for group in (self.diagonal, ~self.diagonal):
            each = np.repeat(np.flatnonzero(group), self.counts[group].astype(int))
            order = generator.permutation(each)
            np.add.at(parts, (np.arange(len(order)) % count, order), 1)
        return [(self._counted(self.counts - part), self._counted(part)) for part in parts]

    def _counted(self, counts: NDArray[np.float64]) -> Self:
        return type(self)(self.matrix, self.spins, counts, self.diagonal)

    def log_likelihood(
        self, logs: NDArray[Any], coherence: float = 1.0
    ) -> tuple[float, NDArray[np.complex128]]:
        """Sum the logarithms of the outcomes' probabilities, of a state that is not normalised.

        Parameters
        ----------
        logs
            Logarithms of the amplitudes, shape ``(configurations,)``.
        coherence
            The state is mixed with its dephased self at shares ``coherence`` and the rest.

        Returns
        -------
        value, weights
            With ``weights``, shape ``(configurations,)``, the real part of ``weights * change``,
            summed, is the change of the value if the logarithms change.
        """
        shift = logs.real.max()
        amplitudes = np.exp(logs - shift)
        sums = self.matrix @ amplitudes
        chances = coherence * np.abs(sums) ** 2
        if coherence < 1:
            densities = np.abs(amplitudes) ** 2
            chances = chances + (1 - coherence) * (self._squared[0] @ densities)
        chances = np.maximum(chances, _SMALLEST)
        ratios = self.counts / chances
        weights = 2 * coherence * amplitudes * (self._transposed @ (ratios * sums.conj()))
        if coherence < 1:
            weights = weights + 2 * (1 - coherence) * densities * (self._squared[1] @ ratios)
        return float(self.counts @ (np.log(chances) + 2 * shift)), weights


def measured_amplitudes(snapshots: Snapshots, *, every: bool) -> MeasuredAmplitudes:
    """Write each different outcome as a sum over the configurations it is made of.

    An outcome in a basis that differs from Z in k qubits is a sum of 2^k amplitudes.

    Parameters
    ----------
    snapshots
        With any rotations of single qubits.
    every
        Whether all configurations are listed, in the order of a statevector, or those only that
        occur.

    Raises
    ------
    InvalidProblemError
        If no snapshot is in the Z basis on all qubits.
    TooLargeError
        If there are more than 2^24 terms in all, or more than 62 qubits.
    """
    if snapshots.qubits > MAX_NUMBERED_QUBITS:
        raise TooLargeError(
            f"snapshots has {snapshots.qubits} qubits: states are reconstructed on at most "
            f"{MAX_NUMBERED_QUBITS}"
        )
    pairs = np.concatenate([snapshots.bases, snapshots.bits], axis=1)
    different, counts = np.unique(pairs, axis=0, return_counts=True)
    bases, bits = np.split(different, 2, axis=1)
    rotated = _rotates(snapshots.rotations)[bases]
    diagonal = ~rotated.any(axis=1)
    if not diagonal.any():
        raise InvalidProblemError(
            "snapshots holds none in the Z basis on all qubits: the moduli of the amplitudes are "
            "found from those, the phases from the others; measure some in Z on every qubit"
        )
    flips = rotated.sum(axis=1)
    terms = int((2.0**flips).sum())
    if terms > MAX_ENTRIES:
        raise TooLargeError(
            f"snapshots has {len(counts):,} different outcomes, which are sums of {terms:,} "
            f"amplitudes: at most {MAX_ENTRIES:,} are taken; measure in bases that differ from Z "
            "in fewer qubits, or in fewer of them"
        )
    numbers, elements = _terms(bits, bases, rotated, snapshots.rotations)
    if every:
        columns, listed = numbers, every_configuration(snapshots.qubits)
    else:
        found, columns = np.unique(numbers, return_inverse=True)
        listed = bits_of(found, snapshots.qubits)
    starts = np.concatenate([[0], np.cumsum(2**flips)])
    matrix = scipy.sparse.csr_matrix(
        (elements, columns.ravel(), starts), shape=(len(counts), len(listed))
    )
    return MeasuredAmplitudes(matrix, spins(listed), counts.astype(float), diagonal)


def _rotates(rotations: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether each rotation is more than a phase of each basis state."""
    return np.abs(rotations[:, 0, 1]) + np.abs(rotations[:, 1, 0]) > _DIAGONAL


def _terms(
    bits: NDArray[np.int16],
    bases: NDArray[np.int16],
    rotated: NDArray[np.bool_],
    rotations: NDArray[np.complex128],
) -> tuple[NDArray[np.int64], NDArray[np.complex128]]:
    """Numbers of the configurations of each outcome, row after row, and their coefficients."""
    flips = rotated.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(2**flips)])
    numbers = np.empty(starts[-1], dtype=np.int64)
    elements = np.empty(starts[-1], dtype=complex)
    fixed = numbers_of(np.where(rotated, 0, bits))
    for k in np.unique(flips):
        rows = np.flatnonzero(flips == k)
        qubits = np.nonzero(rotated[rows])[1].reshape(len(rows), k)
        patterns = every_configuration(k)
        places = starts[rows][:, None] + np.arange(2**k)
        numbers[places] = fixed[rows][:, None] + (1 << qubits) @ patterns.T.astype(np.int64)
        product = np.ones((len(rows), 2**k), dtype=complex)
        for i in range(k):
            q = qubits[:, i]
            chosen = rotations[bases[rows, q], bits[rows, q]]
            product *= chosen[:, patterns[:, i]]
        elements[places] = product
    return numbers, elements
