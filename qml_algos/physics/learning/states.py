"""Quantum states of a tensor network classifier, and classifiers from Born machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.mps.chain import Cores, orthonormalised
from qml_algos.generative.mps.state import ChainState


def class_state(cores: Sequence[NDArray[Any]], label: int) -> ChainState:
    """Return the state that stands for one class: a distribution of bits, to draw from.

    Parameters
    ----------
    cores
        Of a classifier, the class on the first.
    label
        Number of the class.
    """
    parts = [cores[0][..., label], *cores[1:]]
    largest = max(core.shape[2] for core in parts)
    return ChainState(orthonormalised(parts, largest), np.arange(len(parts)))


def schmidt_values(cores: Sequence[NDArray[Any]]) -> list[NDArray[np.float64]]:
    """Schmidt values of a normalised classifier between its sites, the class with the first one.

    Returns
    -------
    list of numpy.ndarray
        For the cuts after 1, 2, ... sites. O(sites D^3).
    """
    first = cores[0]
    fused = first.transpose(0, 1, 3, 2).reshape(1, -1, first.shape[2])
    chain = orthonormalised([fused, *cores[1:]], max(core.shape[2] for core in cores))
    found, centre = [], chain[0]
    for following in chain[1:]:
        matrix = centre.reshape(-1, centre.shape[2])
        _, values, rest = np.linalg.svd(matrix, full_matrices=False)
        found.append(values / np.linalg.norm(values))
        centre = np.tensordot(values[:, None] * rest, following, 1)
    return found


def stacked_cores(machines: Sequence[Sequence[NDArray[Any]]], bond_dimension: int) -> Cores:
    """Put one state for each class side by side, and cut the bonds of the sum.

    Parameters
    ----------
    machines
        Real cores of a state of bits for each class, all with their variables in the natural order:
        ``cores_`` of `MPSBornMachine` with ``order="natural"``.
    bond_dimension
        Largest bond to keep.

    Returns
    -------
    list of numpy.ndarray
        The class on the first: shape ``(1, 2, bond, classes)``.

    Raises
    ------
    InvalidProblemError
        If they have different numbers of variables, or not all are binary, or a state is complex.
    """
    if len({len(cores) for cores in machines}) != 1:
        raise InvalidProblemError("machines: all need the same number of variables, at least one")
    every = [core for cores in machines for core in cores]
    if any(np.iscomplexobj(core) or core.shape[1] != 2 for core in every):
        raise InvalidProblemError("machines: real states of binary variables are needed")
    classes, sites = len(machines), len(machines[0])
    if sites == 1:
        return [np.stack([cores[0] for cores in machines], axis=3)]
    chain = [_beside([cores[site] for cores in machines], site, sites) for site in range(sites)]
    # The class is fused with the first site while bonds are cut.
    chain[0] = np.zeros((1, 2 * classes, chain[1].shape[0]))
    start = 0
    for label, cores in enumerate(machines):
        bond = cores[0].shape[2]
        chain[0][0, label::classes, start : start + bond] = cores[0][0]
        start += bond
    chain = orthonormalised(chain, bond_dimension)
    first = chain[0].reshape(1, 2, classes, -1).transpose(0, 1, 3, 2)
    return [first, *chain[1:]]


def _beside(cores: Sequence[NDArray[Any]], site: int, sites: int) -> NDArray[Any]:
    """Block-diagonal core of a sum of states; at the last site one column."""
    last = site == sites - 1
    left, right = sum(core.shape[0] for core in cores), sum(core.shape[2] for core in cores)
    found = np.zeros((left, 2, 1 if last else right))
    row = column = 0
    for core in cores:
        rows, _, columns = core.shape
        start = 0 if last else column
        found[row : row + rows, :, start : start + columns] = core
        row, column = row + rows, column + columns
    return found
