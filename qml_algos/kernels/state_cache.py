"""States that were simulated already, found again by what they were made from."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circuits.feature_maps import FeatureMap
from qml_algos.kernels.states import StateProgram, state_program

__all__ = ["STATES", "StateCache", "content", "program_of"]


class StateCache:
    """Arrays by key, those unused for longest given up first; safe among threads.

    A fit and the predictions after it, or the folds of a search, use the same states. Keys hold
    all that the array was computed from, so that nothing stale is ever found.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, NDArray[Any]] = OrderedDict()
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """Bytes that are kept."""
        with self._lock:
            return sum(array.nbytes for array in self._kept.values())

    def get(self, key: Any, compute: Callable[[], NDArray[Any]], limit: int) -> NDArray[Any]:
        """Find an array, or compute it and keep it, within ``limit`` bytes in all.

        It is read-only, since others may read it later. What does not fit is returned but not
        kept; ``limit=0`` keeps nothing.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        array = compute()
        array.flags.writeable = False
        if array.nbytes <= limit:
            self._keep(key, array, limit)
        return array

    def clear(self) -> None:
        """Give up everything."""
        with self._lock:
            self._kept.clear()

    def _keep(self, key: Any, array: NDArray[Any], limit: int) -> None:
        with self._lock:
            self._kept[key] = array
            held = sum(kept.nbytes for kept in self._kept.values())
            while held > limit:
                held -= self._kept.popitem(last=False)[1].nbytes


STATES = StateCache()
"""Of this process; other processes have their own."""


@lru_cache(maxsize=16)
def program_of(feature_map: FeatureMap, features: int) -> StateProgram:
    """Compile the circuit of a feature map for simulation; the last 16 are kept."""
    return state_program(feature_map.circuit(features))


def content(array: NDArray[np.float64]) -> tuple[tuple[int, ...], bytes]:
    """Key of an array by its entries: its shape and a 256-bit hash of its bytes."""
    data = np.ascontiguousarray(array)
    return data.shape, hashlib.blake2b(data.data, digest_size=32).digest()
