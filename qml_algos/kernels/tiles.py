"""Gram matrices of exact states, tile by tile, on one machine or on a cluster."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from numpy.typing import NDArray
from scipy.linalg.blas import get_blas_funcs

from circuits.feature_maps import FeatureMap
from qml_algos.errors import TooLargeError
from qml_algos.kernels.state_cache import STATES, content, program_of

__all__ = ["Report", "StateSource", "fidelities", "vectors_of_states"]

BLOCK_AMPLITUDES = 2**22
BLOCK_ROWS = 256
TILE_BYTES = 2**26

Report = Callable[[int, int], None]
"""Told after each task how many of how many are done."""


@dataclass(frozen=True)
class StateSource:
    """What turns angles into states, in any process that it is sent to.

    Attributes
    ----------
    feature_map, features
        What is simulated.
    dtype
        ``"complex128"`` or ``"complex64"``.
    """

    feature_map: FeatureMap
    features: int
    dtype: str

    @property
    def state_bytes(self) -> int:
        """Memory of one state."""
        return int(np.dtype(self.dtype).itemsize) << self.feature_map.qubits(self.features)

    def block_rows(self, max_bytes: int) -> int:
        """Return the number of states that are simulated and multiplied at once.

        The same for any memory of at least four blocks, 256 MiB, since rounding depends on it.
        """
        qubits = self.feature_map.qubits(self.features)
        rows = min(BLOCK_ROWS, max(BLOCK_AMPLITUDES >> qubits, 1))
        return min(rows, max(max_bytes // (4 * self.state_bytes), 1))

    def states(self, angles: NDArray[np.float64], keep: int) -> NDArray[Any]:
        """Simulate, or find among states of this process; shape ``(N, 2**qubits)``."""
        key = "states", self.feature_map, self.features, self.dtype, content(angles)
        program = program_of(self.feature_map, self.features)
        return STATES.get(key, lambda: program.states(angles, np.dtype(self.dtype)), keep)

    def require_memory(self, max_bytes: int) -> None:
        """Refuse states of which two do not fit.

        Raises
        ------
        TooLargeError
            Naming the memory that is needed.
        """
        if 2 * self.state_bytes > max_bytes:
            qubits = self.feature_map.qubits(self.features)
            raise TooLargeError(
                f"two states of {qubits} qubits take {2 * self.state_bytes / 2**20:,.0f} MiB, more "
                f"than max_bytes = {max_bytes:,}: raise it, or sample the kernel on a backend"
            )


@dataclass(frozen=True)
class _Task:
    """Rows whose states are held, and rows whose states are made one block after the other."""

    held: slice
    streamed: slice


def fidelities(
    source: StateSource,
    X: NDArray[np.float64],
    Y: NDArray[np.float64] | None = None,
    *,
    max_bytes: int,
    n_jobs: int | None = None,
    report: Report = lambda done, total: None,  # noqa: ARG005
) -> NDArray[np.float64]:
    """Compute ``|<x|y>|^2`` of the states of all rows of X and of Y.

    Takes ``4 N^2 2^n`` operations for X alone, of which one triangle is computed, else
    ``8 N M 2^n``. Each state is simulated once where all of them fit into ``max_bytes``; else
    those of a band of rows are held, and the others made again for each band.

    Parameters
    ----------
    source
        Of the states.
    X, Y
        Angles, shapes ``(N, P)`` and ``(M, P)``; Y ``None`` for X itself.
    max_bytes
        Of the states that all jobs together hold, and keep for later. The simulation of a block
        of at most 64 MiB, products and the result come on top.
    n_jobs
        As joblib takes it; its ``parallel_config`` chooses where they run. Only angles and tiles
        travel.
    report
        Told of each finished task.

    Returns
    -------
    NDArray
        Shape ``(N, M)``. How tasks are shared out does not change a bit of it, while each job has
        256 MiB and BLAS is the same with the same number of threads; else rounding may, by about
        1e-15.

    Raises
    ------
    TooLargeError
        If the share of a job is less than two states.
    """
    jobs = effective_n_jobs(n_jobs)
    share = max_bytes // jobs
    source.require_memory(share)
    if Y is None:
        return _symmetric(source, X, share, jobs, _runner(n_jobs, report))
    return _rectangular(source, X, Y, share, jobs, _runner(n_jobs, report))


def vectors_of_states(
    source: StateSource,
    X: NDArray[np.float64],
    read: Callable[[NDArray[Any]], NDArray[np.float64]],
    *,
    max_bytes: int,
    n_jobs: int | None = None,
    report: Report = lambda done, total: None,  # noqa: ARG005
) -> NDArray[np.float64]:
    """Read a vector from the state of each row; ``read`` takes blocks of states.

    Parameters as for `fidelities`. States are not kept.

    Returns
    -------
    NDArray
        Shape ``(N, K)``.
    """
    share = max_bytes // effective_n_jobs(n_jobs)
    source.require_memory(share)
    blocks = _bands(len(X), source.block_rows(share))
    calls = [delayed(_vectors)(source, X[block], read) for block in blocks]
    return np.concatenate(list(_runner(n_jobs, report)(calls)))


Runner = Callable[[list[Any]], Iterator[Any]]


def _runner(n_jobs: int | None, report: Report) -> Runner:
    """Run delayed calls through joblib, one result after the other, in order."""

    def run(calls: list[Any]) -> Iterator[Any]:
        # Threads unless the user's parallel_config says otherwise: BLAS lets go of Python's lock.
        results = Parallel(n_jobs=n_jobs, prefer="threads", return_as="generator")(calls)
        for done, result in enumerate(results, start=1):
            yield result
            report(done, len(calls))

    return run


def _symmetric(
    source: StateSource, X: NDArray[np.float64], share: int, jobs: int, run: Runner
) -> NDArray[np.float64]:
    count, rows = len(X), source.block_rows(share)
    fits = count * source.state_bytes <= share
    keep = share if fits else 0
    height = _held_blocks(source, share, rows)
    if fits:
        height = max(TILE_BYTES // (8 * rows * count), 1)
    if jobs > 1:
        # At least four tasks for each job, so that none waits long for the last.
        height = min(height, math.ceil(count / rows / math.ceil(math.sqrt(8 * jobs))))
    bands = _bands(count, height * rows)
    if jobs == 1:
        tasks = [_Task(band, slice(band.start, count)) for band in bands]
    else:
        # Near the diagonal first, so that jobs with a memory in common begin with different states.
        tasks = [
            _Task(held, streamed)
            for offset in range(len(bands))
            for held, streamed in zip(bands, bands[offset:], strict=False)
        ]
    calls = [
        delayed(_triangle)(source, X[task.streamed], X[task.held], rows, keep)
        if task.held.start == task.streamed.start
        else delayed(_tile)(source, X[task.streamed], X[task.held], rows, keep, keep)
        for task in tasks
    ]
    K = np.empty((count, count))
    for task, tile in zip(tasks, run(calls), strict=True):
        K[task.streamed, task.held] = tile
        K[task.held, task.streamed] = tile.T
    return K


def _rectangular(
    source: StateSource,
    X: NDArray[np.float64],
    Y: NDArray[np.float64],
    share: int,
    jobs: int,
    run: Runner,
) -> NDArray[np.float64]:
    """Hold the states of Y, those of training data, and stream X; the other way if only X fits."""
    rows = source.block_rows(share)
    height = _held_blocks(source, share, rows)
    swapped = len(X) < len(Y) and len(Y) > height * rows
    held, streamed = (X, Y) if swapped else (Y, X)
    fits = len(held) <= height * rows
    width = math.ceil(len(streamed) / rows)
    if fits:
        width = min(
            math.ceil(width / (1 if jobs == 1 else 4 * jobs)),
            max(TILE_BYTES // (8 * rows * len(held)), 1),
        )
    tasks = [
        _Task(band, piece)
        for band in _bands(len(held), height * rows)
        for piece in _bands(len(streamed), width * rows)
    ]
    keep = share if fits and not swapped else 0
    calls = [
        delayed(_tile)(source, streamed[t.streamed], held[t.held], rows, 0, keep, swapped)
        for t in tasks
    ]
    K = np.empty((len(X), len(Y)))
    placed = K.T if swapped else K
    for task, tile in zip(tasks, run(calls), strict=True):
        placed[task.streamed, task.held] = tile
    return K


def _triangle(
    source: StateSource,
    streamed: NDArray[np.float64],
    held: NDArray[np.float64],
    rows: int,
    keep: int,
) -> NDArray[np.float64]:
    """Tile on the diagonal: ``streamed`` begins with ``held``, whose square is symmetric."""
    states = [source.states(held[band], keep) for band in _bands(len(held), rows)]
    tile = np.empty((len(streamed), len(held)))
    for place, band in enumerate(_bands(len(streamed), rows)):
        inside = place < len(states)
        block = states[place] if inside else source.states(streamed[band], keep)
        for other, state in zip(_bands(len(held), rows), states[: place + 1], strict=False):
            if other == band:
                tile[band, band] = _fidelities_within(block)
            else:
                tile[band, other] = _fidelities_between(block, state)
                if inside:
                    tile[other, band] = tile[band, other].T
    return tile


def _tile(
    source: StateSource,
    streamed: NDArray[np.float64],
    held: NDArray[np.float64],
    rows: int,
    keep_streamed: int,
    keep_held: int,
    swapped: bool = False,
) -> NDArray[np.float64]:
    """Tile of two different sets of rows; ``swapped`` if those held are the first of a pair."""
    bands = _bands(len(held), rows)
    states = [source.states(held[band], keep_held) for band in bands]
    tile = np.empty((len(streamed), len(held)))
    for band in _bands(len(streamed), rows):
        block = source.states(streamed[band], keep_streamed)
        for other, state in zip(bands, states, strict=True):
            if swapped:
                tile[band, other] = _fidelities_between(state, block).T
            else:
                tile[band, other] = _fidelities_between(block, state)
    return tile


def _vectors(
    source: StateSource,
    angles: NDArray[np.float64],
    read: Callable[[NDArray[Any]], NDArray[np.float64]],
) -> NDArray[np.float64]:
    return read(source.states(angles, 0))


def _fidelities_within(states: NDArray[Any]) -> NDArray[np.float64]:
    """``|<a|b>|^2`` among rows, by one Hermitian product of half the operations."""
    (multiply,) = get_blas_funcs(("herk",), (states,))
    # States lie in C order, so that their transpose is what Fortran wants, without a copy.
    K = _squares(multiply(1.0, states.T, trans=2, lower=1).T)
    K += np.triu(K, 1).T
    np.fill_diagonal(K, 1.0)
    return K


def _fidelities_between(first: NDArray[Any], second: NDArray[Any]) -> NDArray[np.float64]:
    """``|<a|b>|^2`` between the rows of two arrays."""
    (multiply,) = get_blas_funcs(("gemm",), (first, second))
    return _squares(multiply(1.0, second.T, first.T, trans_a=2).T)


def _squares(amplitudes: NDArray[Any]) -> NDArray[np.float64]:
    """Squared moduli, in double precision."""
    squares = np.square(amplitudes.real, dtype=np.float64)
    squares += np.square(amplitudes.imag, dtype=np.float64)
    return squares


def _bands(count: int, step: int) -> list[slice]:
    return [slice(start, min(start + step, count)) for start in range(0, count, step)]


def _held_blocks(source: StateSource, share: int, rows: int) -> int:
    """Count the blocks that can be held beside the one that is streamed."""
    return max(share // (source.state_bytes * rows) - 1, 1)
