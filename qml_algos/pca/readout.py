"""Principal components from the system register, as it is left by each outcome of the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.measurement import pair_interference
from qml_algos.pca.clock import Clock
from qml_algos.pca.spectrum import Spectrum

Array = NDArray[np.float64]

_TOGETHER = 0.5
"""Eigenvalues closer than this many outcomes are read as one, of as many dimensions."""
_CUTOFF = 1e-9


class Basis(NamedTuple):
    """What amplitudes interfere before they are measured; none if the mask is 0."""

    mask: int
    imaginary: bool = False

    def circuit(self, qubits: int) -> QuantumCircuit:
        """Change to the basis."""
        if not self.mask:
            return QuantumCircuit(qubits)
        return pair_interference(qubits, self.mask, imaginary=self.imaginary)


class Table(NamedTuple):
    """Outcomes of one circuit.

    ``counts`` of clock and system, shape ``(M, 2**n)``, are those that are used; ``clock`` are all
    of the clock, shape ``(M,)``, of which there were ``shots``.
    """

    offset: float
    counts: NDArray[np.int64]
    clock: NDArray[np.int64]
    shots: int


@dataclass(frozen=True, eq=False)
class Components:
    """Eigenvalues with their eigenvectors, the largest first.

    Attributes
    ----------
    values, value_errors
        Shape ``(r,)``, with standard errors; 0 if exact.
    vectors, vector_errors
        Shape ``(r, 2**n)``, one a row.
    """

    values: Array
    value_errors: Array
    vectors: NDArray[Any]
    vector_errors: Array


def all_bases(qubits: int, *, real: bool) -> list[Basis]:
    """List the bases that give all entries of a matrix: ``2**n``, or ``2**(n+1) - 1``."""
    masks = range(1, 2**qubits)
    parts = (False,) if real else (False, True)
    return [Basis(0), *(Basis(mask, part) for mask in masks for part in parts)]


@dataclass(frozen=True, eq=False)
class Groups:
    """Eigenvalues that the clock does not tell apart, and all others, as one model of its outcomes.

    Attributes
    ----------
    members
        Indices of eigenvalues in each group, the largest first.
    """

    clock: Clock
    spectrum: Spectrum
    members: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, clock: Clock, spectrum: Spectrum) -> Groups:
        """Put eigenvalues together that are nearer than half an outcome."""
        found: list[list[int]] = []
        for index, value in enumerate(spectrum.values):
            near = _TOGETHER * clock.cell(value)
            if found and spectrum.values[found[-1][-1]] - value < near:
                found[-1].append(index)
            else:
                found.append([index])
        return cls(clock, spectrum, tuple(tuple(group) for group in found))

    def filters(self, offset: float) -> Array:
        r"""Weights of outcomes that single out each group, shape ``(G, M)``.

        The sum of weights and frequencies is the probability of the group's eigenvectors: the dual
        basis of the groups' distributions, with the least variance under multinomial noise.
        """
        spectrum, clock = self.spectrum, self.clock
        tail = spectrum.tail_values[spectrum.tail_weights > 0]
        places = np.concatenate([spectrum.values, tail])
        seen = clock.distributions(places, offset)[0]
        weights = np.concatenate(
            [spectrum.signal * spectrum.values, spectrum.tail_weights[spectrum.tail_weights > 0]]
        )
        noise = np.full((1, clock.outcomes), 1 / clock.outcomes)
        expected = weights @ seen + spectrum.background * noise[0]
        model = clock.selected(places, offset)
        rows = [np.mean(model[list(group)], axis=0) for group in self.members]
        others = [*model[spectrum.values.size :], *(noise if spectrum.background else [])]
        design = np.vstack([*rows, *others])
        weighted = design / np.sqrt(np.maximum(expected, 1e-12))
        scale = np.linalg.norm(weighted, axis=1)
        dual = np.linalg.pinv(weighted / scale[:, None], rcond=_CUTOFF).T / scale[:, None]
        filters: Array = (dual / np.sqrt(np.maximum(expected, 1e-12)))[: len(self.members)]
        return filters


def read_components(
    groups: Groups, matrices: NDArray[Any], variances: Array | None, total: NDArray[Any]
) -> Components:
    """Take the leading eigenvectors of each group's matrix.

    Parameters
    ----------
    groups
        Of eigenvalues.
    matrices
        Share of each group in the density matrix, shape ``(G, 2**n, 2**n)``.
    variances
        Of their entries, of the same shape, each entry measured by itself; ``None`` if exact.
    total
        The density matrix, shape ``(2**n, 2**n)``: where a group has more than one dimension, its
        eigenvalues are the expectation values in its eigenvectors.
    """
    spectrum = groups.spectrum
    values, value_errors, vectors, vector_errors = [], [], [], []
    for index, group in enumerate(groups.members):
        strengths, basis = np.linalg.eigh(matrices[index])
        found = basis[:, ::-1][:, : len(group)].T
        for place, vector in enumerate(found):
            if len(group) == 1:
                value = float(spectrum.values[group[0]])
                error = float(spectrum.standard_errors[group[0]])
            else:
                value = float((vector.conj() @ total @ vector).real)
                error = float(np.max(spectrum.standard_errors[list(group)]))
            strength = max(float(strengths[::-1][place]), 1e-12)
            values.append(value)
            value_errors.append(0.0 if variances is None else error)
            vectors.append(vector)
            vector_errors.append(
                np.zeros(vector.size)
                if variances is None
                else _vector_errors(vector, strength, variances[index])
            )
    order = np.argsort(-np.array(values), kind="stable")
    return Components(
        np.array(values)[order],
        np.array(value_errors)[order],
        np.array(vectors)[order],
        np.array(vector_errors)[order],
    )


def _vector_errors(vector: NDArray[Any], strength: float, variances: Array) -> Array:
    r"""Errors by first-order perturbation, :math:`(1 - u u^\dagger)\, \delta M\, u / w`.

    Row a of the fluctuation times u is a sum of independent terms, entry ``ab`` and entry ``ba``
    being one; the part along u changes the length only.
    """
    sizes = np.abs(vector) ** 2
    covariance = (variances * np.outer(vector, vector.conj())).T
    np.fill_diagonal(covariance, variances @ sizes)
    projector = np.eye(vector.size) - np.outer(vector, vector.conj())
    projected = projector @ covariance @ projector
    errors: Array = np.sqrt(np.maximum(np.diag(projected).real, 0)) / strength
    return errors


def matrices_from_counts(
    counts: Mapping[Basis, Sequence[Table]], groups: Groups
) -> tuple[NDArray[Any], Array]:
    """Estimate each group's matrix, and the variances of its entries.

    Parameters
    ----------
    counts
        For each basis of `all_bases`, tables of outcomes.
    groups
        Whose filters are used.
    """
    size = next(iter(counts.values()))[0].counts.shape[1]
    number = len(groups.members)
    matrices = np.zeros((number, size, size), dtype=complex)
    variances = np.zeros((number, size, size))
    indices = np.arange(size)
    offsets = {table.offset for tables in counts.values() for table in tables}
    filters = {offset: groups.filters(offset) for offset in sorted(offsets)}
    for basis, tables in counts.items():
        means, errors = _filtered(tables, filters)
        if not basis.mask:
            matrices[:, indices, indices] += means
            variances[:, indices, indices] += errors
            continue
        first = indices[indices & basis.mask & -basis.mask == 0]
        second = first ^ basis.mask
        # What the circuit's CX left in the other bits of the mask is that of ``first``.
        minus = first | basis.mask & -basis.mask
        # The outcomes' difference is twice the real or the imaginary part of conj(a_i) a_j.
        part = (means[:, first] - means[:, minus]) / 2
        spread = (errors[:, first] + errors[:, minus]) / 4
        turn = 1j if basis.imaginary else 1.0
        matrices[:, second, first] += turn * part
        matrices[:, first, second] += np.conj(turn) * part
        variances[:, second, first] += spread
        variances[:, first, second] += spread
    if not any(basis.imaginary for basis in counts):
        return matrices.real, variances
    return matrices, variances


def _filtered(tables: Sequence[Table], filters: Mapping[float, Array]) -> tuple[Array, Array]:
    """Filter frequencies of the system's outcomes, with variances; shapes ``(G, 2**n)``."""
    whole = sum(table.shots for table in tables)
    mean = sum(filters[table.offset] @ table.counts for table in tables) / whole
    square = sum(filters[table.offset] ** 2 @ table.counts for table in tables) / whole**2
    # Nothing seen is no certainty.
    least = min(float(np.max(filters[table.offset] ** 2)) for table in tables) / whole**2
    return np.asarray(mean), np.maximum(np.asarray(square), least / 4)
