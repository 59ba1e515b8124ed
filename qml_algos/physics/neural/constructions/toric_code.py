"""Eigenstates of the toric code as restricted Boltzmann machines."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import Bits
from qml_algos.physics.hamiltonians import plaquettes, stars
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.units import QUARTER
from qml_algos.validation import require_count


def toric_code_rbm(
    rows: int,
    columns: int | None = None,
    *,
    charges: Sequence[int] = (),
    fluxes: Sequence[int] = (),
) -> RBMState:
    r"""Write an eigenstate of `toric_code` with a hidden unit of four weights for each face.

    A hidden unit of weights :math:`i\pi/4` vanishes unless the product of the four spins around its
    face is +1; bias :math:`i\pi/2` demands -1. All configurations that remain have amplitudes of
    one size, and stars do not change their sign. So two weights for each qubit suffice. Where
    charges are joined by a string of Z, visible biases are :math:`i\pi/2`.

    Parameters
    ----------
    rows, columns
        As of `toric_code`.
    charges
        Sites, an even number of different ones, whose stars have the value -1.
    fluxes
        Faces, an even number of different ones, whose plaquettes have the value -1.

    Returns
    -------
    RBMState
        Of the energy ``2 * (len(charges) + len(fluxes) - rows * columns)``, the ground state's
        plus 2 for each excitation: a superposition of all configurations of `toric_loops`.

    Raises
    ------
    InvalidProblemError
        If the torus is too small, or charges or fluxes are not as they must be.

    Notes
    -----
    D.-L. Deng, X. Li and S. Das Sarma, Physical Review B 96, 195145 (2017), arXiv:1609.09060, write
    it with hidden units on stars, too.
    """
    faces = plaquettes(rows, columns)
    charges, fluxes = _pairs("charges", charges, faces), _pairs("fluxes", fluxes, faces)
    W = np.zeros((len(faces), 2 * len(faces)), dtype=complex)
    np.put_along_axis(W, faces, QUARTER, axis=1)
    b = np.zeros(len(faces), dtype=complex)
    b[fluxes] = 2 * QUARTER
    return RBMState(W, 2 * QUARTER * _string(stars(rows, columns), charges), b)


def toric_loops(
    rows: int,
    columns: int | None = None,
    *,
    count: int,
    generator: np.random.Generator,
    fluxes: Sequence[int] = (),
) -> Bits:
    """Draw uniformly among the configurations that `toric_code_rbm` does not let vanish.

    Any one of them, with stars flipped at random, and two loops around the torus. Takes O(count *
    rows * columns).

    Parameters
    ----------
    rows, columns, fluxes
        As of `toric_code_rbm`; charges change signs only.
    count
        How many, each drawn on its own.
    generator
        Of random numbers.

    Returns
    -------
    array, shape ``(count, 2 * rows * columns)``

    Raises
    ------
    InvalidProblemError
        As `toric_code_rbm`, or if ``count`` is no positive integer.
    """
    require_count("count", count)
    faces, around = plaquettes(rows, columns), stars(rows, columns)
    start = _string(faces, _pairs("fluxes", fluxes, faces))
    flips = generator.integers(2, size=(count, len(around)), dtype=np.int8)
    bits = np.tile(start, (count, 1))
    for corner in around.T:
        bits[:, corner] ^= flips
    sites = np.arange(len(around)).reshape(rows, -1)
    for loop in (sites[:, 0], len(around) + sites[0]):
        bits[:, loop] ^= generator.integers(2, size=(count, 1), dtype=np.int8)
    return bits


def _pairs(name: str, given: Sequence[int], faces: NDArray[np.int64]) -> list[int]:
    places = [int(place) for place in given]
    if len(set(places)) < len(places) or not all(0 <= place < len(faces) for place in places):
        raise InvalidProblemError(
            f"{name} = {places}: must be different numbers from 0 to {len(faces) - 1}"
        )
    if len(places) % 2:
        raise InvalidProblemError(f"{name}: there are {len(places)}, but they come in pairs only")
    return places


def _string(groups: NDArray[np.int64], ends: Sequence[int]) -> NDArray[np.int8]:
    """Choose qubits of which a group holds an odd number only if it is one of the ends.

    Every qubit is in two groups: walk from each end along a tree to its root.
    """
    count, size = groups.shape
    owners = np.argsort(groups, axis=None, kind="stable").reshape(-1, 2) // size
    shared = {(one, other): qubit for qubit, pair in enumerate(owners) for one, other in [pair]}
    shared |= {(other, one): qubit for (one, other), qubit in shared.items()}
    graph = coo_array((np.ones(len(owners)), tuple(owners.T)), shape=(count, count)).tocsr()
    _, parents = breadth_first_order(graph, 0, directed=False)
    chosen = np.zeros(len(owners), dtype=np.int8)
    for end in ends:
        place = end
        while place:
            chosen[shared[place, parents[place]]] ^= 1
            place = int(parents[place])
    return chosen
