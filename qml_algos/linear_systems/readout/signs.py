"""Signs and phases of the solution from interference of its own amplitudes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree
from scipy.special import ndtr

from circuits.measurement import pair_interference
from qml_algos.linear_systems.program import Program
from qml_algos.linear_systems.readout.sampling import Shots, require_accepted

# In standard errors: an edge that joins, and an entry that is not 0.
_JOINS = 3.0
_SIGNIFICANT = 5.0
_WRONG = 0.01
# Sweeps that average phases over all pairs, not the tree's alone.
_SWEEPS = 200


class Pair(NamedTuple):
    """Key of a circuit: what bits the amplitudes that interfere differ in, and which part."""

    mask: int
    imaginary: bool


class Phases(NamedTuple):
    """Phases of all amplitudes, relative to the largest, as unit numbers.

    ``wrong`` is the probability of each to be off by more than a quarter turn: for real amplitudes,
    that its sign is wrong.
    """

    units: NDArray[Any]
    wrong: NDArray[np.float64]


class _Edges(NamedTuple):
    """Pairs of amplitudes, ``conj(a_first) a_second`` of each and its standard error."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    product: NDArray[np.complex128]
    error: NDArray[np.float64]


def single_bits(program: Program) -> list[int]:
    """Masks of the first circuits: amplitudes that differ in one bit."""
    return [1 << qubit for qubit in range(program.data_qubits)]


def pair_circuits(program: Program, masks: list[int]) -> dict[Hashable, QuantumCircuit]:
    """Write the circuits to be measured: one for each mask, two unless x is real."""
    n = program.data_qubits
    return {
        Pair(mask, imaginary): program.circuit.compose(
            pair_interference(n, mask, imaginary=imaginary), range(n)
        )
        for mask in masks
        for imaginary in ((False,) if program.real else (False, True))
    }


def read_phases(
    program: Program, magnitudes: NDArray[np.float64], samples: Mapping[Hashable, Shots]
) -> Phases:
    r"""Walk from the largest amplitude to all others over the pairs that are known best.

    Each circuit gives :math:`a_i^* a_j` for all pairs of its mask. The signs follow the spanning
    tree whose pairs are the most standard errors away from 0 (normal approximation); the
    probability of a wrong sign is at most the sum over the way from the root. Phases of complex
    amplitudes are averaged over all pairs afterwards (generalised power method).

    Parameters
    ----------
    program
        Whose amplitudes they are.
    magnitudes
        Absolute values of the amplitudes, shape ``(2**n,)``.
    samples
        Of `pair_circuits`, among others.

    References
    ----------
    Averaging: N. Boumal, SIAM J. Optim. 26, 2355 (2016), arXiv:1601.06114.
    """
    edges = _edges(program, samples)
    phases = _follow_tree(edges, magnitudes)
    if program.real:
        return Phases(phases.units.real, phases.wrong)
    return Phases(_averaged(edges, magnitudes, phases.units), phases.wrong)


def missing_masks(
    program: Program,
    magnitudes: NDArray[np.float64],
    standard_error: float,
    phases: Phases,
    samples: Mapping[Hashable, Shots],
) -> list[int]:
    """Masks that join what single bits left apart: amplitudes not 0 whose sign is still open.

    For each island of them one mask, from the largest amplitude of all to the island's largest;
    at most as many as there are qubits, the largest islands first.
    """
    edges = _edges(program, samples)
    size = magnitudes.size
    joined = np.abs(edges.product) >= _JOINS * edges.error
    graph = scipy.sparse.coo_array(
        (np.ones(joined.sum()), (edges.first[joined], edges.second[joined])), shape=(size, size)
    )
    _, islands = connected_components(graph, directed=False)
    open_ones = (magnitudes > _SIGNIFICANT * standard_error) & (phases.wrong > _WRONG)
    root = int(np.argmax(magnitudes))
    masks: dict[int, int] = {}
    for index in np.argsort(-magnitudes):
        if open_ones[index] and islands[index] not in masks:
            masks[islands[index]] = root ^ int(index)
    return list(dict.fromkeys(masks.values()))[: program.data_qubits]


def _edges(program: Program, samples: Mapping[Hashable, Shots]) -> _Edges:
    masks = dict.fromkeys(key.mask for key in samples if isinstance(key, Pair))
    parts = [_edges_of(program, mask, samples) for mask in masks]
    return _Edges(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _edges_of(program: Program, mask: int, samples: Mapping[Hashable, Shots]) -> _Edges:
    indices = np.arange(2**program.data_qubits)
    first = indices[indices & mask & -mask == 0]
    second = first ^ mask
    # What the circuit's CX left in the other bits of the mask is that of ``first``.
    minus = first | mask & -mask
    product = np.zeros(first.size, dtype=complex)
    variance = np.zeros(first.size)
    for imaginary in (False,) if program.real else (False, True):
        shots = samples[Pair(mask, imaginary)]
        require_accepted(shots)
        counts = shots.counts()
        difference = (counts[first] - counts[minus]) / shots.total
        product += (1j if imaginary else 1) * difference / 2
        # Of a part whose mean is 0; never 0 itself, so that nothing seen is no certainty.
        seen = np.maximum(counts[first] + counts[minus], 1)
        variance = np.maximum(variance, seen / shots.total**2 / 4)
    return _Edges(first, second, product, np.sqrt(variance))


def _follow_tree(edges: _Edges, magnitudes: NDArray[np.float64]) -> Phases:
    size = magnitudes.size
    significance = np.abs(edges.product) / edges.error
    # A pair whose parts cancel says nothing; it still joins, after all others.
    length = 1 / np.maximum(significance, 1e-6)
    graph = scipy.sparse.coo_array((length, (edges.first, edges.second)), shape=(size, size))
    # Pairs never come twice: each mask gives its own.
    root = int(np.argmax(magnitudes))
    tree = minimum_spanning_tree(graph.tocsr())
    order, parents = breadth_first_order(tree, root, directed=False)
    places = {
        (int(i), int(j)): place
        for place, (i, j) in enumerate(zip(edges.first, edges.second, strict=True))
    }
    units = np.ones(size, dtype=complex)
    wrong = np.full(size, 0.5)
    wrong[root] = 0.0
    for node in map(int, order[1:]):
        parent = int(parents[node])
        forward = (parent, node) in places
        place = places[(parent, node) if forward else (node, parent)]
        product = edges.product[place]
        turn = product / abs(product) if product else 1.0
        units[node] = units[parent] * (turn if forward else np.conj(turn))
        doubt = float(ndtr(-significance[place]))
        wrong[node] = min(0.5, wrong[parent] + doubt)
    return Phases(units, wrong)


def _averaged(
    edges: _Edges, magnitudes: NDArray[np.float64], units: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    """Turn each phase towards what all its pairs say, weighted by their precision."""
    size = magnitudes.size
    weighted = edges.product / edges.error**2
    rows, columns = [*edges.second, *edges.first], [*edges.first, *edges.second]
    pairs = scipy.sparse.coo_array(
        (np.concatenate([weighted, weighted.conj()]), (rows, columns)), shape=(size, size)
    ).tocsr()
    # Its own weight keeps the even and the odd amplitudes, which only see each other, together.
    own = abs(pairs) @ magnitudes
    for _ in range(_SWEEPS):
        turned = pairs @ (magnitudes * units) + own * units
        lengths = np.abs(turned)
        units = np.where(lengths > 0, turned / np.where(lengths > 0, lengths, 1), units)
    return units * np.conj(units[int(np.argmax(magnitudes))])
