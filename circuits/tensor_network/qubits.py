"""Matrix product states of sites with any number of levels, written on qubits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.matrix_product_state import ROUNDING

Matrix = NDArray[Any]


def qubit_tensors(cores: Sequence[Matrix]) -> list[Matrix]:
    """Split the site of d levels into ``ceil(log2 d)`` qubits, most significant bit first.

    Parameters
    ----------
    cores
        One array ``(left bond, d, right bond)`` for each site, d at least 1 and not the same for
        all; the outer bonds are 1.

    Returns
    -------
    list of arrays
        One ``(left bond, 2, right bond)`` for each qubit, of the same vector with level x of a site
        at the bits of x; bits of no level have amplitude 0. Bonds between sites are those of the
        cores; inner ones have the rank that the cut has within the site. Sites of 2 levels are left
        as they are, sites of 1 level are contracted with a neighbour. Cost O(d^2 r^3) for a site
        of d levels between bonds r.

    Raises
    ------
    ValueError
        If a core or a bond has the wrong shape, or no site has 2 levels.
    """
    _require_cores(cores)
    tensors: list[Matrix] = []
    carried = np.eye(1)
    for core in cores:
        joined = np.tensordot(carried, core, axes=1)
        carried = np.eye(core.shape[2])
        if core.shape[1] == 1:
            carried = joined[:, 0]
        else:
            tensors += _bits(joined)
    tensors[-1] = np.tensordot(tensors[-1], carried, axes=1)
    return tensors


def _bits(core: Matrix) -> list[Matrix]:
    """Split one site; all tensors but the last are orthonormal from the left."""
    left, levels, right = core.shape
    count = (levels - 1).bit_length()
    rest = np.pad(core, [(0, 0), (0, 2**count - levels), (0, 0)])
    tensors = []
    for _ in range(count - 1):
        vectors, values, rows = np.linalg.svd(rest.reshape(2 * left, -1), full_matrices=False)
        rank = max(1, int(np.sum(values > ROUNDING * values[0])))
        tensors.append(vectors[:, :rank].reshape(left, 2, rank))
        rest = values[:rank, None] * rows[:rank]
        left = rank
    return [*tensors, rest.reshape(left, 2, right)]


def _require_cores(cores: Sequence[Matrix]) -> None:
    bond = 1
    for site, core in enumerate(cores):
        if core.ndim != 3 or core.shape[0] != bond or core.shape[1] < 1:
            raise ValueError(
                f"cores[{site}] has shape {core.shape}: ({bond}, levels, right bond) is needed"
            )
        bond = core.shape[2]
    if bond != 1 or not any(core.shape[1] > 1 for core in cores):
        raise ValueError(
            "cores: at least one of 2 or more levels is needed, the last with a right bond of 1"
        )
