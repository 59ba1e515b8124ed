"""Principal components from copies alone, by density-matrix exponentiation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.density_matrix import CopyEvolution, phase_estimation_copies
from circuits.phase_estimation import phase_estimation
from qml_algos.backends import Backend
from qml_algos.errors import InvalidProblemError, NotExactError, TooLargeError
from qml_algos.pca.clock import LinearClock
from qml_algos.pca.method import Found, Settings, costs_of
from qml_algos.pca.phase_estimation import clock_components, require_few_bases
from qml_algos.pca.programs import Program, TurnedEvolution
from qml_algos.pca.readout import all_bases
from qml_algos.pca.state import DensityInput
from qml_algos.pca.states import OutcomeStates

MOST_STEPS = 20_000
"""Copies in one circuit that is run; the exact channel has no such limit."""

_SHOWN = 200
_MOST_ENTRIES = 2**24


def exponentiation_components(source: DensityInput, settings: Settings) -> Found:
    """Find components with copies and nothing else; see `QuantumPCA` for the options."""
    given = settings.options["clock_qubits"]
    clock_qubits = given if given is not None else _clock_qubits(settings.epsilon)
    clock = LinearClock.up_to(1.0, clock_qubits)
    each = phase_estimation_copies(clock_qubits, clock.time, settings.epsilon)
    _require_copies(each, source, settings)
    if settings.shots is not None:
        require_few_bases(source)
        if each > MOST_STEPS:
            raise TooLargeError(
                f"epsilon = {settings.epsilon} takes circuits of {each:,} copies with "
                f"{clock_qubits} clock qubits, at most {MOST_STEPS:,} are run; use a larger "
                "epsilon, fewer clock_qubits, or shots=None on an exact backend"
            )

    def make(clock_qubits: int) -> Program:
        return CopyProgram(source, LinearClock.up_to(1.0, clock_qubits), each)

    return clock_components(source, settings, make, clock_qubits, fixed=True)


@dataclass(frozen=True, eq=False)
class CopyProgram:
    """Phase estimation whose evolution is made of partial swaps with copies.

    ``copies`` are taken in one run, that in the system register included.
    """

    source: DensityInput
    clock: LinearClock
    copies: int
    classically_diagonalised: bool = False

    @cached_property
    def evolution(self) -> CopyEvolution:
        """Copies shared out in proportion to the evolution times of the clock's qubits."""
        spare = self.copies - 1 - self.clock.clock_qubits
        whole = (self.clock.outcomes - 1) * self.clock.time
        return CopyEvolution(self.source.copy, self.source.system_qubits, whole / max(spare, 1))

    def circuit(self, offset: float = 0.0) -> QuantumCircuit:
        """See `Program`; register ``copy`` holds one copy after another."""
        n, width = self.source.system_qubits, self.source.copy.num_qubits
        system, copy = QuantumRegister(n, "system"), QuantumRegister(width, "copy")
        clock = QuantumRegister(self.clock.clock_qubits, "clock")
        circuit = QuantumCircuit(system, copy, clock, name="principal_components")
        # What purifies the copy in the system is forgotten; its qubits serve the other copies.
        circuit.compose(self.source.copy, [*system, *copy[n:]], inplace=True)
        if width > n:
            circuit.reset(copy[n:])
        turned = TurnedEvolution(self.evolution, 2 * np.pi * offset / self.clock.outcomes)
        estimation = phase_estimation(turned, self.clock.clock_qubits, self.clock.time)
        return circuit.compose(estimation, [*system, *copy, *clock])

    def priced(self, backend: Backend) -> tuple[QuantumCircuit, dict[str, int]]:
        """See `Program`; of very many copies the circuit is that of a few, the costs are not."""
        if self.copies <= _SHOWN:
            circuit = self.circuit()
            return circuit, costs_of(circuit, backend)
        bits = self.clock.clock_qubits
        # With these, every further copy costs the same: each bit takes a multiple of its share.
        fewer = [replace(self, copies=1 + bits + k * (self.clock.outcomes - 1)) for k in (1, 2)]
        shown = fewer[0].circuit()
        first, second = costs_of(shown, backend), costs_of(fewer[1].circuit(), backend)
        times = (self.copies - fewer[0].copies) / (fewer[1].copies - fewer[0].copies)
        costs = {name: round(first[name] + times * (second[name] - first[name])) for name in first}
        return shown, costs

    def exact(self, backend: Backend) -> OutcomeStates:
        r"""Apply the circuit's channel, of which no state vector exists, in closed form.

        With :math:`U_b = \cos\theta + i s_b \sin\theta S` for a time qubit in b, a copy maps the
        block X between b and b' to :math:`\mathrm{tr}_2\, U_b (X \otimes \rho) U_{b'}^\dagger =
        \cos^2\theta X + s_b s_{b'} \sin^2\theta \rho\, \mathrm{tr} X + i \sin\theta \cos\theta
        (s_b \rho X - s_{b'} X \rho)`, s being -1 for 0 and 1 for 1. All blocks commute with
        :math:`\rho`, so their eigenvalues are all there is to follow.
        """
        rho = density_matrix(self.source, backend)
        bits = self.clock.clock_qubits
        if len(rho) * 4**bits > _MOST_ENTRIES:
            raise TooLargeError(
                f"the exact channel of {bits} clock qubits on {len(rho)} dimensions does not fit "
                "into memory; use fewer clock_qubits or a larger epsilon"
            )
        values, vectors = np.linalg.eigh(rho)
        # Axes: time values tau and tau', then eigenvalues of the block.
        blocks = values.reshape(1, 1, -1).astype(complex)
        for bit in range(bits):
            time = self.clock.time * 2**bit
            copies = self.evolution.copies(1, time)
            steps = _steps(values, time / (2 * copies))
            powers = [[np.linalg.matrix_power(steps[b][c], copies) for c in (0, 1)] for b in (0, 1)]
            rows = [np.concatenate([blocks @ powers[b][c].T for c in (0, 1)], 1) for b in (0, 1)]
            blocks = np.concatenate(rows, 0)
        M = self.clock.outcomes
        waves = np.exp(-2j * np.pi * np.outer(np.arange(M), np.arange(M)) / M) / M
        weights = np.einsum("ks,stx,kt->kx", waves, blocks, waves.conj(), optimize=True).real
        states = np.einsum("ax,kx,bx->kab", vectors, weights, vectors.conj(), optimize=True)
        return OutcomeStates(states, np.sum(weights, axis=1))


def density_matrix(source: DensityInput, backend: Backend) -> NDArray[Any]:
    """Simulate the circuit that prepares the density matrix.

    Raises
    ------
    NotExactError
        If it resets qubits, so that there is no state vector.
    """
    if not source.unitary:
        raise NotExactError(
            "the circuit resets qubits, which leaves no state vector to be exact about; give shots"
        )
    amplitudes = backend.statevector(source.copy).reshape(-1, 2**source.system_qubits)
    found: NDArray[Any] = amplitudes.T @ amplitudes.conj()
    return found


def _steps(values: NDArray[np.float64], angle: float) -> list[list[NDArray[Any]]]:
    """Map of one copy on eigenvalues of a block, for both values of a time qubit on either side."""
    cosine, sine = np.cos(angle), np.sin(angle)
    replaced = np.outer(values, np.ones(values.size))
    return [
        [
            np.diag(cosine**2 + 1j * sine * cosine * (s - t) * values) + s * t * sine**2 * replaced
            for t in (-1, 1)
        ]
        for s in (-1, 1)
    ]


def _clock_qubits(epsilon: float) -> int:
    """Fewest with which twice epsilon moves the clock by an outcome."""
    clock_qubits = 2
    while LinearClock.up_to(1.0, clock_qubits).cell(0.0) > 2 * epsilon:
        clock_qubits += 1
    return clock_qubits


def _require_copies(each: int, source: DensityInput, settings: Settings) -> None:
    given = settings.options["copies"]
    runs = 1
    if settings.shots is not None:
        runs = settings.shots * len(all_bases(source.system_qubits, real=source.real))
    if given is not None and given < each * runs:
        times = "" if runs == 1 else f" ({each:,} in each of {runs:,} runs)"
        raise InvalidProblemError(
            f"copies = {given:,}: an error of epsilon = {settings.epsilon} takes "
            f"{each * runs:,} copies{times}; they grow as 1 / epsilon**3, so allow a larger "
            "epsilon, or fewer clock_qubits or shots"
        )
