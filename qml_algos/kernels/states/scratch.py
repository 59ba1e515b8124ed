"""Memory that is used again."""

from __future__ import annotations

import math
import weakref
from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_SMALL = 2**16
"""Bytes below which the allocator does not go to the operating system."""


class Scratch:
    """Arrays in memory of arrays that are not used any more.

    The operating system hands out memory page by page, when first touched, which takes several
    times as long as the arithmetic here.
    """

    def __init__(self) -> None:
        self._free: defaultdict[int, list[memoryview]] = defaultdict(list)

    def empty(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """Return an array whose entries are arbitrary."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        if size < _SMALL:
            return np.empty(shape, dtype)
        free = self._free[size]
        buffer = free.pop() if free else np.empty(size, np.uint8).data
        # All views keep this array alive, since what it is made from is no array.
        whole = np.frombuffer(buffer, dtype)
        weakref.finalize(whole, free.append, buffer).atexit = False
        return whole.reshape(shape)

    def conj(self, array: NDArray[Any]) -> NDArray[Any]:
        """Complex conjugate."""
        return np.conj(array, out=self.empty(array.shape, array.dtype))
