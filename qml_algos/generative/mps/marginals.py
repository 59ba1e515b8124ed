"""Distributions of a few variables of a matrix-product state, given others or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.generative.mps.chain import Core

MOST_ENTRIES = 2**25
"""Numbers in the matrices of all outcomes at a time: 256 MiB."""


def distribution(
    cores: Sequence[Core], places: Sequence[int], known: Mapping[int, int]
) -> NDArray[np.float64]:
    """Return the joint distribution of some variables given the values of others.

    Parameters
    ----------
    cores
        A state.
    places
        Of the variables along the chain, distinct.
    known
        Value of each variable that is known, by its place.

    Returns
    -------
    numpy.ndarray
        One axis for each of the places, in their order. Cost: ``4 n d D^3`` operations for each
        outcome at most.

    Raises
    ------
    InvalidProblemError
        If what is known has probability 0.
    TooLargeError
        If the outcomes need more than 2^25 numbers on the way.
    """
    sizes = [cores[k].shape[1] for k in sorted(places)]
    entries = int(np.prod(sizes, dtype=float)) * max(core.shape[2] for core in cores) ** 2
    if entries > MOST_ENTRIES:
        raise TooLargeError(
            f"variables: the distribution of {len(sizes)} of them has "
            f"{int(np.prod(sizes, dtype=float)):,} outcomes, and {entries:,} numbers on the way; "
            f"at most {MOST_ENTRIES:,}"
        )
    matrices = np.ones((1, 1, 1))
    for k, core in enumerate(cores):
        values = [known[k]] if k in known else range(core.shape[1])
        grown = [core[:, value].conj().T @ matrices @ core[:, value] for value in values]
        matrices = np.stack(grown, axis=1) if k in places else np.sum(grown, axis=0)[:, None]
        matrices = matrices.reshape(-1, *matrices.shape[2:])
        total = np.einsum("ijj->", matrices).real
        if total <= 0:
            raise InvalidProblemError(
                "evidence: it has probability 0, so that nothing follows from it"
            )
        matrices /= total
    ranks = np.argsort(np.argsort(places))
    found: NDArray[np.float64] = matrices.real.reshape(sizes).transpose(ranks)
    return found
