"""One thread for work that is many small products of matrices."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import Any

import scipy.linalg  # noqa: F401 - its BLAS is not numpy's, and has to be loaded to be limited
from threadpoolctl import ThreadpoolController


def one_thread() -> AbstractContextManager[Any]:
    """Return a context in which BLAS and LAPACK keep to one thread.

    Products of small matrices gain nothing from more of them. Where other processes need the cores
    too, each product waits for its slowest thread while the others spin.

    Notes
    -----
    *Cost*: milliseconds the first time, microseconds later. Limits the whole process, and not
    OpenMP, whose threads simulators use.
    """
    context: AbstractContextManager[Any] = _libraries().limit(limits=1, user_api="blas")
    return context


@functools.cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
