"""A kernel between states that were measured in random Pauli bases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.tomography.labels import require_one_state
from qml_algos.physics.tomography.settings import pauli_bases
from qml_algos.validation import require_positive

_BLOCK = 2**22
"""Pairs of snapshots at a time."""


def shadow_kernel(
    a: Sequence[Snapshots],
    b: Sequence[Snapshots] | None = None,
    *,
    tau: float = 1.0,
    gamma: float = 1.0,
) -> NDArray[np.float64]:
    r"""Gram matrix of states by their classical shadows, for ``SVC(kernel="precomputed")``.

    ``exp(tau mean_{t,t'} exp(gamma mean_i tr(sigma_i^t sigma'_i^t')))`` over pairs of snapshots and
    over qubits i, where ``sigma`` is the inverted channel of a qubit's outcome: the trace is 5 for
    the same basis and outcome, -4 for the same basis and the other outcome, 1/2 otherwise. Positive
    semidefinite.

    Parameters
    ----------
    a, b
        Snapshots of each state, all on the same qubits in X, Y and Z; b ``None`` for a itself.
    tau, gamma
        Factors in the outer and the inner exponent.

    Returns
    -------
    NDArray
        Shape ``(len(a), len(b))``.

    Raises
    ------
    InvalidProblemError
        If there are no states, or of different numbers of qubits, or snapshots are in other bases
        or have several labels, or a factor is not positive.

    Notes
    -----
    Cost: O(qubits) for each pair of snapshots: ``len(a) len(b) samples^2 qubits``. Where a state is
    compared with itself, each snapshot meets itself, which adds ``exp(5 gamma) / samples`` to its
    inner mean.

    References
    ----------
    H.-Y. Huang, R. Kueng, G. Torlai, V. V. Albert and J. Preskill, Science 377, eabk3333 (2022),
    arXiv:2106.12627, the shadow kernel.
    """
    require_positive("tau", tau)
    require_positive("gamma", gamma)
    rows = _all_signs("a", a)
    columns = rows if b is None else _all_signs("b", b)
    qubits = rows[0].shape[1] // 3
    if columns[0].shape[1] != 3 * qubits:
        raise InvalidProblemError(
            f"b has {columns[0].shape[1] // 3} qubits, a {qubits}: they need the same"
        )
    inner = np.empty((len(rows), len(columns)))
    for i, row in enumerate(rows):
        for j in range(i if b is None else 0, len(columns)):
            inner[i, j] = _inner_mean(row, columns[j], gamma / qubits)
            if b is None:
                inner[j, i] = inner[i, j]
    return np.asarray(np.exp(tau * inner))


def _inner_mean(rows: NDArray[np.float32], columns: NDArray[np.float32], gamma: float) -> float:
    """Mean of the exponential over pairs of snapshots."""
    qubits = rows.shape[1] // 3
    step = max(1, _BLOCK // len(columns))
    total = 0.0
    for start in range(0, len(rows), step):
        # Products of two signs of the same basis: 1, -1, or 0 in different bases.
        agreeing = rows[start : start + step] @ columns.T
        total += float(np.exp(gamma * (qubits / 2 + 4.5 * agreeing)).sum(dtype=float))
    return total / (len(rows) * len(columns))


def _all_signs(name: str, states: Sequence[Snapshots]) -> list[NDArray[np.float32]]:
    if isinstance(states, Snapshots) or not len(states):
        raise InvalidProblemError(
            f"{name} must be a list of Snapshots, one for each state; split_by_label makes one"
        )
    found = [_signs(snapshots) for snapshots in states]
    widths = {signs.shape[1] // 3 for signs in found}
    if len(widths) > 1:
        raise InvalidProblemError(
            f"{name} has states of {' and '.join(map(str, sorted(widths)))} qubits: they need the "
            "same number"
        )
    return found


def _signs(snapshots: Snapshots) -> NDArray[np.float32]:
    """Outcome +1 or -1 in the column of each qubit's basis, 0 in those of its other two."""
    bases = pauli_bases(require_one_state(snapshots))
    samples, qubits = bases.shape
    signs = np.zeros((samples, qubits, 3), dtype=np.float32)
    rows, columns = np.indices(bases.shape)
    signs[rows, columns, bases] = 1 - 2 * snapshots.bits
    return signs.reshape(samples, 3 * qubits)
