"""A bound on the entanglement of a restricted Boltzmann machine, read off its weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qml_algos.physics.neural.rbm import RBMState


def entropy_bound(state: RBMState) -> NDArray[np.int64]:
    """Bound the entropy between the first l qubits and the others.

    A hidden unit is a sum of two products, one for each value, so each one that is joined to both
    sides at most doubles the Schmidt rank. A short reach bounds their number for every l: an area
    law. On a ring a reach of R leaves ``4 R`` units across the two cuts at most.

    Parameters
    ----------
    state
        Weights that are 0 join nothing.

    Returns
    -------
    array, shape ``(qubits - 1,)``
        Bits, for l = 1 to ``qubits - 1``: the number of hidden units joined to both sides, or of
        the qubits on the smaller side if that is less. Renyi entropies of any order keep it, too.

    Notes
    -----
    That short-range machines obey an area law is of D.-L. Deng, X. Li and S. Das Sarma, Physical
    Review X 7, 021021 (2017), arXiv:1701.04844; the count is ours.
    """
    joined = np.asarray(state.W != 0)
    before = np.maximum.accumulate(joined, axis=1)[:, :-1]
    after = np.maximum.accumulate(joined[:, ::-1], axis=1)[:, ::-1][:, 1:]
    left = np.arange(1, state.qubits)
    across = np.sum(before & after, axis=0)
    return np.minimum(across, np.minimum(left, state.qubits - left))
