"""Local energies in restricted Boltzmann machines, through ratios of amplitudes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from qml_algos.physics.configurations import Bits
from qml_algos.physics.hamiltonians.connections import Connections
from qml_algos.physics.neural.flips import Flips
from qml_algos.physics.neural.local_values import local_values
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.sampler import Chains

_AT_ONCE = 256
"""Samples whose ratios are evaluated at a time, so that the hidden units stay in the cache."""
_LARGEST_LOG = 80.0
"""Above it the exponential of a single-precision number overflows."""

Mask = tuple[int, ...]
"""Spins whose product is meant, in ascending order."""
Polynomial = Mapping[Mask, complex]
"""A sum of products of spins."""


class LocalEnergies:
    """What a Hamiltonian asks of a machine: ``sum_s' <s|H|s'> psi(s') / psi(s)``.

    Terms that flip one or two spins cost one column of weights each, all evaluated at once; two
    spins once for each of their products, +1 and -1, unless the matrix element vanishes there.
    Terms that flip more take amplitudes, and are slower by far.

    Parameters
    ----------
    connections
        Of the Hamiltonian.

    Attributes
    ----------
    flips
        Of one and two spins.
    """

    def __init__(self, connections: Connections) -> None:
        diagonal: Polynomial = {}
        entries: list[tuple[int, int, int, Polynomial]] = []
        far: list[int] = []
        for group, flipped in enumerate(connections.flips):
            places = np.flatnonzero(flipped).tolist()
            polynomial = _polynomial(connections, group)
            if not places:
                diagonal = polynomial
            elif len(places) == 1:
                entries.append((places[0], places[0], 0, polynomial))
            elif len(places) == 2:
                for product in (1, -1):
                    reduced = _reduced(polynomial, places[0], places[1], product)
                    if reduced:
                        entries.append((places[0], places[1], product, reduced))
            else:
                far.append(group)
        columns = np.array([entry[:3] for entry in entries], dtype=np.intp).reshape(-1, 3)
        self.flips = Flips(columns[:, 0], columns[:, 1], columns[:, 2].astype(np.int8))
        self._diagonal = _Elements.of([diagonal])
        self._elements = _Elements.of([entry[3] for entry in entries])
        self._far = _subset(connections, far) if far else None

    def __call__(self, chains: Chains) -> NDArray[Any]:
        """Evaluate them for the spins of chains; double precision, shape ``(samples,)``."""
        count = chains.spins.shape[1]
        ratios = chains.ratios(self.flips) if len(self.flips.first) else None
        parts = []
        for first in range(0, count, _AT_ONCE):
            spins = chains.spins[:, first : first + _AT_ONCE]
            part = self._diagonal(spins)[0].astype(np.result_type(float, chains.tanh))
            if ratios is not None:
                logs = ratios.logarithms(spins, chains.tanh[:, first : first + _AT_ONCE])
                weights = np.exp(np.minimum(logs, _LARGEST_LOG))
                weights *= self.flips.allowed(spins)
                part = part + np.sum(self._elements(spins) * weights, axis=0)
            parts.append(part)
        found = np.concatenate(parts)
        if self._far is not None:
            bits: Bits = (chains.spins.T < 0).astype(np.int8)
            found = found + local_values(RBMState(*chains.machine), self._far, bits)
        return found


@dataclass(frozen=True, eq=False)
class _Elements:
    """Polynomials in the spins: a constant each, and coefficients of products."""

    constants: NDArray[Any]
    coefficients: scipy.sparse.csr_array
    masks: tuple[NDArray[np.intp], ...]
    """Of the same number of spins each, in the order of the columns of the coefficients."""

    @classmethod
    def of(cls, polynomials: Sequence[Polynomial]) -> _Elements:
        """Collect the products that occur."""
        every = sorted({m for p in polynomials for m in p if m}, key=lambda mask: (len(mask), mask))
        column = {mask: place for place, mask in enumerate(every)}
        rows = [(row, column[m], c) for row, p in enumerate(polynomials) for m, c in p.items() if m]
        at, to, values = (np.array(part) for part in zip(*rows, strict=True)) if rows else ([],) * 3
        shape = (len(polynomials), len(every))
        sizes = sorted({len(mask) for mask in every})
        return cls(
            _real(np.array([p.get((), 0.0) for p in polynomials])),
            scipy.sparse.csr_array((_real(np.array(values)), (at, to)), shape=shape),
            tuple(np.array([m for m in every if len(m) == size], dtype=np.intp) for size in sizes),
        )

    def __call__(self, spins: NDArray[Any]) -> NDArray[Any]:
        """Evaluate them for columns of spins; shape ``(polynomials, samples or 1)``."""
        constants = self.constants[:, None]
        if not self.masks:
            return np.broadcast_to(constants, (len(constants), spins.shape[1]))
        products = [np.prod(spins[masks], axis=1) for masks in self.masks]
        return np.asarray(constants + self.coefficients @ np.concatenate(products))


def _real(values: NDArray[Any]) -> NDArray[Any]:
    return values.real if np.iscomplexobj(values) and np.all(values.imag == 0) else values


def _polynomial(connections: Connections, group: int) -> Polynomial:
    """Matrix element of a group as a polynomial in the spins."""
    ends = [*connections.starts.tolist(), len(connections.phases)]
    terms = range(ends[group], ends[group + 1])
    masks = (tuple(np.flatnonzero(connections.phases[term]).tolist()) for term in terms)
    return dict(zip(masks, connections.coefficients[terms].tolist(), strict=True))


def _reduced(polynomial: Polynomial, first: int, second: int, product: int) -> Polynomial:
    """Put in what the product of two spins is, so that the second one occurs no more."""
    found: defaultdict[Mask, complex] = defaultdict(complex)
    for mask, coefficient in polynomial.items():
        if second in mask:
            rest = set(mask) ^ {first, second}
            found[tuple(sorted(rest))] += product * coefficient
        else:
            found[mask] += coefficient
    return {mask: value for mask, value in found.items() if value != 0}


def _subset(connections: Connections, groups: Iterable[int]) -> Connections:
    ends = [*connections.starts.tolist(), len(connections.phases)]
    chosen = list(groups)
    terms = [term for group in chosen for term in range(ends[group], ends[group + 1])]
    lengths = [ends[group + 1] - ends[group] for group in chosen]
    return Connections(
        connections.flips[chosen],
        connections.phases[terms],
        connections.coefficients[terms],
        np.cumsum([0, *lengths[:-1]]),
    )
