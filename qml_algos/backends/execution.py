"""Running circuits for their counts, as one job, with the bill."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit
from qiskit.primitives.containers import BitArray

from qml_algos.backends.base import Backend, runs_elsewhere
from qml_algos.errors import TooLargeError

# Bytes of bits that are unpacked at a time, a byte each.
_UNPACKED = 2**27
_NUMBER_BITS = 62


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
        """Numbers read from a register of at most 62 bits, one a shot.

        Raises
        ------
        TooLargeError
            If it has more.
        """
        bits = self.outcomes[circuit][register]
        if bits.shape[1] > _NUMBER_BITS:
            raise TooLargeError(
                f"register {register!r} has {bits.shape[1]} bits: at most {_NUMBER_BITS} make a "
                "number; its outcomes are there bit by bit"
            )
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


def execute_broadcast(
    compiled: QuantumCircuit,
    sets: int,
    values: Callable[[range], NDArray[np.float64]],
    read: Callable[[Mapping[str, BitArray]], NDArray[np.float64]],
    backend: Backend,
    shots: int,
    seed: int,
) -> NDArray[np.float64]:
    """Sample a compiled circuit with many sets of parameter values, as one PUB.

    A device is asked once, for all of them, and its backend splits what is too large for a job. On
    this machine about 128 MiB of unpacked bits are simulated and read at a time, so that memory
    does not grow with the number of sets.

    Parameters
    ----------
    compiled
        With its measurements; compiled by the backend.
    sets
        How many there are, at least one.
    values
        Values of the parameters, in the circuit's order, for some of the sets: shape
        ``(len(sets), parameters)``.
    read
        What to keep of the bits of some sets, registers by name: shape ``(len(sets), ...)``.
    backend
        Where it runs; it may record the job, and read it where it is recorded already.
    shots
        Repetitions of each set.
    seed
        Of a simulator. A program that calls this twice gives two seeds.

    Returns
    -------
    ndarray
        What was read; shape ``(sets, ...)``.
    """
    step = max(1, _UNPACKED // (shots * compiled.num_clbits))
    blocks = [range(first, min(first + step, sets)) for first in range(0, sets, step)]
    found = []
    if runs_elsewhere(backend):
        data = _sampled(compiled, values(range(sets)), backend, shots, seed)
        found = [read(part) for part in _parts(data, blocks)]
    else:
        seeds = np.random.SeedSequence(seed).spawn(len(blocks))
        for block, own in zip(blocks, seeds, strict=True):
            number = int(own.generate_state(1)[0])
            found.append(read(_sampled(compiled, values(block), backend, shots, number)))
    return np.concatenate(found)


def _sampled(
    compiled: QuantumCircuit, values: NDArray[np.float64], backend: Backend, shots: int, seed: int
) -> Mapping[str, BitArray]:
    [result] = backend.sampler(seed).run([(compiled, values, shots)]).result()
    return dict(result.data.items())


def _parts(
    data: Mapping[str, BitArray], blocks: Sequence[range]
) -> Iterator[Mapping[str, BitArray]]:
    for block in blocks:
        yield {name: bits[block.start : block.stop] for name, bits in data.items()}
