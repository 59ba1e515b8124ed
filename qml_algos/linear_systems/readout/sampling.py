"""Shots of a program's circuits, and which of them passed post-selection."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping
from itertools import count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit
from qiskit.primitives.containers import DataBin

from qml_algos.backends import Backend
from qml_algos.errors import NothingAcceptedError
from qml_algos.linear_systems.program import Program

PLAIN = "plain"
"""Key of the program measured as it is."""


class Shots(NamedTuple):
    """Bits of the data qubits and of the others, one row a shot, and which shots passed."""

    data: NDArray[np.bool_]
    others: NDArray[np.bool_]
    accepted: NDArray[np.bool_]

    @property
    def total(self) -> int:
        """Number of shots, passed or not."""
        return self.accepted.size

    def outcomes(self) -> NDArray[np.int64]:
        """Numbers read from the data qubits, all shots."""
        powers = 1 << np.arange(self.data.shape[1])
        numbers: NDArray[np.int64] = self.data @ powers
        return numbers

    def counts(self) -> NDArray[np.int64]:
        """How many of the shots that passed gave each number; shape ``(2**n,)``."""
        return np.bincount(self.outcomes()[self.accepted], minlength=2 ** self.data.shape[1])


class Session:
    """Compiles and runs what is measured of one program, and keeps the bill.

    Parameters
    ----------
    program
        Whose circuits they are.
    backend
        Where they run.
    seed
        Of the first job; the following count on from it, since a sampler starts its random
        numbers anew.

    Attributes
    ----------
    shots
        Run so far.
    compile_seconds
        Spent so far.
    """

    def __init__(self, program: Program, backend: Backend, seed: int) -> None:
        self.program, self.backend = program, backend
        self.shots, self.compile_seconds = 0, 0.0
        self._seeds = count(seed)

    def next_seed(self) -> int:
        """Seed that no job has had."""
        return next(self._seeds)

    def compile(
        self, circuits: Mapping[Hashable, QuantumCircuit]
    ) -> dict[Hashable, QuantumCircuit]:
        """Add measurements of all qubits and compile."""
        start = time.perf_counter()
        n = self.program.data_qubits
        compiled = self.backend.compile([_measured(circuit, n) for circuit in circuits.values()])
        self.compile_seconds += time.perf_counter() - start
        return dict(zip(circuits, compiled, strict=True))

    def sample(
        self, compiled: Mapping[Hashable, QuantumCircuit], shots: int
    ) -> dict[Hashable, Shots]:
        """Run circuits as one job, each as often."""
        if not compiled:
            return {}
        job = self.backend.sampler(self.next_seed()).run([*compiled.values()], shots=shots)
        self.shots += shots * len(compiled)
        results = [self._read(pub.data) for pub in job.result()]
        return dict(zip(compiled, results, strict=True))

    def sample_to_precision(
        self, compiled: Mapping[Hashable, QuantumCircuit], sampling_error: float
    ) -> dict[Hashable, Shots]:
        """Run `PLAIN` until its sampling error is reached, the others as often."""
        limits = self.backend.config.limits
        first: dict[Hashable, QuantumCircuit] = {PLAIN: compiled[PLAIN]}
        plain = self.sample(first, limits.default_shots)[PLAIN]
        require_accepted(plain)
        unknowns, accepted = self.program.unknowns, np.mean(plain.accepted)
        wanted = (unknowns - 1) / (4 * sampling_error**2 * accepted)
        extra = int(min(np.ceil(wanted), limits.max_shots)) - plain.total
        if extra > 0:
            again = self.sample(first, extra)[PLAIN]
            plain = Shots(*(np.concatenate(pair) for pair in zip(plain, again, strict=True)))
        rest = {key: circuit for key, circuit in compiled.items() if key != PLAIN}
        return {PLAIN: plain, **self.sample(rest, plain.total)}

    def _read(self, bits: DataBin) -> Shots:
        """Find the shots that passed; qubits beyond the program's own do not matter to that."""
        data = bits.data.to_bool_array(order="little")
        others = np.zeros((len(data), 0), dtype=bool)
        if "others" in bits:
            others = bits.others.to_bool_array(order="little")
        width = self.program.circuit.num_qubits - self.program.data_qubits
        wanted = np.array([self.program.accepted >> bit & 1 for bit in range(width)], dtype=bool)
        return Shots(data, others, np.all(others[:, :width] == wanted, axis=1))


def require_accepted(shots: Shots) -> None:
    """Refuse shots of which none passed post-selection.

    Raises
    ------
    NothingAcceptedError
    """
    if not shots.accepted.any():
        raise NothingAcceptedError(
            f"none of {shots.total:,} shots passed post-selection; use more shots, or a system "
            "whose solution is found with a higher probability (smaller condition number)"
        )


def _measured(circuit: QuantumCircuit, data_qubits: int) -> QuantumCircuit:
    """Copy a circuit and measure its lowest qubits into ``data``, the rest into ``others``."""
    measured = circuit.copy()
    data = ClassicalRegister(data_qubits, "data")
    measured.add_register(data)
    measured.measure(range(data_qubits), data)
    if circuit.num_qubits > data_qubits:
        others = ClassicalRegister(circuit.num_qubits - data_qubits, "others")
        measured.add_register(others)
        measured.measure(range(data_qubits, circuit.num_qubits), others)
    return measured
