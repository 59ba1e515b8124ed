"""The choice between all amplitudes and a contraction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import UnknownNameError
from qml_algos.generative.factor_graph import contraction, statevector

METHODS = ("auto", "statevector", "contraction")

_FEW_QUBITS = 10


class Engine(NamedTuple):
    """How weights and site matrices are computed; arguments as in `contraction.log_weights`."""

    log_weights: Callable[..., NDArray[np.float64]]
    site_matrices: Callable[..., tuple[NDArray[np.float64], NDArray[np.complex128]]]


_ENGINES = {
    "statevector": Engine(statevector.log_weights, statevector.site_matrices),
    "contraction": Engine(contraction.log_weights, contraction.site_matrices),
}


def engine(
    method: str, qubits: int, edges: tuple[tuple[int, int], ...], pinned: Sequence[int], rows: int
) -> Engine:
    """Return the engine of a name; for ``"auto"`` the one with the fewer multiplications.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    require_method(method)
    if method == "auto":
        method = "contraction"
        if qubits <= _FEW_QUBITS:
            method = "statevector"
        elif qubits <= statevector.MOST_QUBITS:
            width = contraction.order_of_contraction(qubits, edges, pinned).width
            if rows * 2 ** (width + 2) >= 2**qubits:
                method = "statevector"
    return _ENGINES[method]


def require_method(method: str) -> None:
    """Refuse an unknown method.

    Raises
    ------
    UnknownNameError
        With the known ones.
    """
    if method not in METHODS:
        raise UnknownNameError("method", method, METHODS)
