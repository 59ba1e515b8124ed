"""Running circuits for their counts, as one job, with the bill."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from qml_algos.backends.base import Backend


@dataclass(frozen=True, eq=False)
class Executed:
    """What circuits gave that were run as one job.

    Attributes
    ----------
    compiled
        The circuits as they ran.
    outcomes
        For each circuit the bits of its classical registers by name: arrays of shape
        ``(shots, bits)``, the lowest bit first.
    shots
        Repetitions of all circuits together.
    compile_seconds, run_seconds
        Time of each.
    """

    compiled: tuple[QuantumCircuit, ...]
    outcomes: tuple[dict[str, NDArray[np.bool_]], ...]
    shots: int
    compile_seconds: float
    run_seconds: float

    def numbers(self, circuit: int, register: str) -> NDArray[np.int64]:
        """Numbers read from a register of at most 62 bits, one a shot."""
        bits = self.outcomes[circuit][register]
        found: NDArray[np.int64] = bits @ (1 << np.arange(bits.shape[1]))
        return found

    def counts(self, circuit: int, register: str) -> NDArray[np.int64]:
        """How often each number was read; shape ``(2**bits,)``."""
        bits = self.outcomes[circuit][register].shape[1]
        return np.bincount(self.numbers(circuit, register), minlength=2**bits)


def execute(
    circuits: Sequence[QuantumCircuit], backend: Backend, shots: int | Sequence[int], seed: int
) -> Executed:
    """Compile measured circuits and sample them, all in one job.

    Parameters
    ----------
    circuits
        With their measurements.
    backend
        Where they run; it may record the job, and read it where it is recorded already.
    shots
        Repetitions of each circuit, or one number for each.
    seed
        Of a simulator. A program that calls this twice gives two seeds.

    Raises
    ------
    TooLargeError
        If a circuit has more qubits than the backend; nothing is run then.
    """
    start = time.perf_counter()
    compiled = backend.compile(circuits)
    compile_seconds = time.perf_counter() - start
    each = [shots] * len(compiled) if isinstance(shots, int) else [*shots]
    pubs: list[Any] = [
        (circuit, None, repetitions) for circuit, repetitions in zip(compiled, each, strict=True)
    ]
    start = time.perf_counter()
    results = backend.sampler(seed).run(pubs).result()
    outcomes = tuple(
        {name: data.to_bool_array(order="little") for name, data in result.data.items()}
        for result in results
    )
    run_seconds = time.perf_counter() - start
    return Executed(tuple(compiled), outcomes, sum(each), compile_seconds, run_seconds)
