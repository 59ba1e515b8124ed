"""Block encodings of banded matrices by one addition of a small signed number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, QuantumRegister
from qiskit.circuit import Qubit

from circuits.arithmetic import adder, at_least
from circuits.block_encoding import BlockEncoding
from circuits.multiplexed import diagonal
from circuits.multiplexed_state import index_state, multiplexed_amplitude


def toeplitz_block_encoding(size: int, coefficients: Mapping[int, complex]) -> BlockEncoding:
    r"""Encode a banded Toeplitz matrix, :math:`A_{ij} = c_{j - i}`.

    The index register holds the diagonals' offsets as sign and digits; SELECT adds that number to
    the system, and the carry out of the register flags what left the matrix.

    Parameters
    ----------
    size
        N, at least 2; rows are the system's states 0 to N - 1.
    coefficients
        Column minus row, of absolute value below N, to the entry on that diagonal.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the sum of the absolute values of the coefficients. If N is no power of two,
        the ``2**n - N`` states above hold the Toeplitz matrix of the same coefficients and their
        own size, decoupled from the N rows.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits; signal: one qubit for each binary digit that an
    offset has, one for the sign if both occur, the overflow (not if the states above N are as many
    as the band is wide), and one flag if N is no power of two;
    workspace of n - 1 at most.

    *Cost*, N a power of two: with b digits from place p on, ``7 (n - p) + 5 (b - 1) - 3`` CX, and
    ``2 (n - p)`` for the sign if there is one, to which preparing and undoing the offsets' state
    of q = b + 1 qubits adds at most ``2 (2**q - q - 1)``, and phases ``2**q - 2``. A tridiagonal
    matrix of positive coefficients takes ``9 n - 3`` CX. Another N, with ``2**t`` its largest
    factor of that form, adds ``12 (n - 1 - t)``.

    Raises
    ------
    ValueError
        If the size or a coefficient is out of range, or all coefficients are zero.

    References
    ----------
    A. Childs, N. Wiebe, Quantum Inf. Comput. 12, 901 (2012), arXiv:1202.5822 (LCU); D. Camps,
    L. Lin, R. Van Beeumen, C. Yang, SIAM J. Matrix Anal. Appl. 45, 801 (2024), Sec. 5,
    arXiv:2203.10236 (banded circulant matrices by shifts).
    """
    _check_size(size)
    bands = _checked_coefficients(coefficients, size)
    # A column moves to its row by minus the offset.
    moves = {-offset: value for offset, value in bands.items()}
    description = f"banded Toeplitz, {len(bands)} diagonals"
    return _shift_encoding(size, moves, description, wraps=False)


def circulant_block_encoding(
    system_qubits: int, coefficients: Mapping[int, complex]
) -> BlockEncoding:
    r"""Encode a circulant matrix of few diagonals, :math:`A_{ij} = c_{j - i \bmod N}`.

    Parameters
    ----------
    system_qubits
        n, at least 1; N = 2**n.
    coefficients
        Column minus row, modulo N, to the entry on that diagonal.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the sum of the absolute values of the coefficients.

    Notes
    -----
    As ``toeplitz_block_encoding``, without overflow: 3 CX fewer, and 5 if there is a sign.

    Raises
    ------
    ValueError
        If there are no qubits, or all coefficients are zero.

    References
    ----------
    As for ``toeplitz_block_encoding``.
    """
    if system_qubits < 1:
        raise ValueError(f"system_qubits = {system_qubits}: at least 1 is needed")
    size = 2**system_qubits
    moves: dict[int, complex] = {}
    for offset, value in coefficients.items():
        move = (-offset + size // 2 - 1) % size - size // 2 + 1
        moves[move] = moves.get(move, 0) + value
    moves = _checked_coefficients(moves, size)
    return _shift_encoding(size, moves, f"circulant, {len(moves)} diagonals", wraps=True)


def banded_block_encoding(size: int, diagonals: Mapping[int, ArrayLike]) -> BlockEncoding:
    r"""Encode a matrix of few diagonals, each an arbitrary vector.

    After the shift a signal qubit is rotated by an angle that depends on diagonal and row; rows
    outside the matrix get amplitude zero, so that no overflow needs to be flagged.

    Parameters
    ----------
    size
        N, at least 2; rows are the system's states 0 to N - 1.
    diagonals
        Column minus row to the entries of that diagonal, of length N minus its absolute value, as
        ``numpy.diag`` takes them; real or complex.

    Returns
    -------
    BlockEncoding
        ``alpha`` is the sum over diagonals of the largest absolute value. States above N are zero
        rows and columns.

    Notes
    -----
    *Registers*: n = ceil(log2 N) system qubits; signal: the index's q qubits as for
    ``toeplitz_block_encoding``, and the entry's; workspace of n - 1 at most.

    *Cost*: as the circulant of these offsets, and ``2**(n + q) - 1`` CX for real entries, twice
    that and one more for complex ones. O(N) angles, as any such vector needs.

    Raises
    ------
    ValueError
        If the size, an offset or a length does not fit, or all entries are zero.

    References
    ----------
    As for ``toeplitz_block_encoding``.
    """
    _check_size(size)
    bands = _checked_diagonals(diagonals, size)
    n = (size - 1).bit_length()
    largest = {-offset: float(np.max(np.abs(values))) for offset, values in bands.items()}
    shifts = Shifts.of(largest)
    table = np.zeros((2**shifts.qubits, 2**n), dtype=complex)
    for offset, values in bands.items():
        # Row i holds column i + offset.
        start = max(0, -offset)
        for label in shifts.labels(-offset):
            table[label, start : start + values.size] = values / largest[-offset]
    # Without the control the index is 0, and the entry has to stay as it is.
    idle = np.zeros_like(table)
    idle[0] = 1
    circuits = []
    for controls in (0, 1):
        parts = _Registers.of(n, shifts.qubits, ["entry"], shifts.workspace_qubits(n), controls)
        circuit, index, control = parts.circuit, parts.index, parts.control
        prepared = index_state(np.sqrt(shifts.spread(largest)), controlled=bool(controls))
        circuit.compose(prepared, [*index, *control], inplace=True)
        shifts.add(circuit, index, parts.system, [], parts.workspace)
        lookup = multiplexed_amplitude((np.vstack([idle, table]) if controls else table).ravel())
        circuit.compose(lookup, [*parts.system, *index, *control, *parts.flags], inplace=True)
        circuit.compose(prepared.inverse(), [*index, *control], inplace=True)
        circuits.append(circuit)
    description = f"banded, {len(bands)} diagonals"
    alpha = sum(largest.values())
    return BlockEncoding(circuits[0], alpha, n, shifts.qubits + 1, description, circuits[1])


@dataclass(frozen=True)
class Shifts:
    """How moves (row minus column) are written in the index register: digits, then the sign."""

    places: tuple[int, ...]
    signed: bool
    downwards: bool

    @classmethod
    def of(cls, moves: Iterable[int]) -> Shifts:
        """Return the digits that these moves need."""
        used = 0
        for move in moves:
            used |= abs(move)
        places = tuple(place for place in range(used.bit_length()) if used >> place & 1)
        downwards = any(move < 0 for move in moves)
        return cls(places, downwards and any(move > 0 for move in moves), downwards)

    @property
    def qubits(self) -> int:
        """Number of digits, the sign included."""
        return len(self.places) + self.signed

    def workspace_qubits(self, system_qubits: int) -> int:
        """Count the clean qubits of an addition to a register of that size."""
        return system_qubits - self.places[0] - 1 if self.places else 0

    def labels(self, move: int) -> list[int]:
        """Index states that stand for a move; 0 has two, one for each sign."""
        digits = sum((abs(move) >> place & 1) << k for k, place in enumerate(self.places))
        minus = 2 ** len(self.places)
        if not self.signed or move > 0:
            return [digits]
        return [digits + minus] if move < 0 else [0, minus]

    def spread(self, weights: Mapping[int, float]) -> NDArray[np.float64]:
        """Weights of the index states.

        The two states of 0 share its weight as the signs share the rest: the state of a tridiagonal
        matrix is a product then, and costs nothing.
        """
        spread = np.zeros(2**self.qubits)
        up = sum(weight for move, weight in weights.items() if move > 0)
        down = sum(weight for move, weight in weights.items() if move < 0)
        for move, weight in weights.items():
            labels = self.labels(move)
            shares = [up / (up + down), down / (up + down)] if len(labels) == 2 else [1.0]
            spread[labels] = weight * np.array(shares)
        return spread

    def add(
        self,
        circuit: QuantumCircuit,
        index: Sequence[Qubit],
        system: Sequence[Qubit],
        overflow: Sequence[Qubit],
        workspace: Sequence[Qubit],
    ) -> None:
        """Add the move to the system, with the carry out if there is a qubit for it."""
        if not self.places:
            return
        addition = adder(len(system), self.places, carry_out=bool(overflow))
        digits = index[: len(self.places)]
        clean = workspace[: self.workspace_qubits(len(system))]
        # The highest bit's own value matters to the carry out only.
        complemented = system[self.places[0] :] if overflow else system[self.places[0] : -1]
        self._complement(circuit, index, complemented)
        circuit.compose(addition, [*digits, *system, *overflow, *clean], inplace=True)
        self._complement(circuit, index, complemented)

    def _complement(
        self, circuit: QuantumCircuit, index: Sequence[Qubit], bits: Sequence[Qubit]
    ) -> None:
        """Turn x into 2**n - 1 - x where the sign is minus: adding then subtracts."""
        for qubit in bits:
            if self.signed:
                circuit.cx(index[-1], qubit)
            elif self.downwards:
                circuit.x(qubit)


@dataclass(frozen=True)
class _Registers:
    circuit: QuantumCircuit
    system: list[Qubit]
    index: list[Qubit]
    flags: list[Qubit]
    workspace: list[Qubit]
    control: list[Qubit]

    @classmethod
    def of(
        cls, system: int, index: int, flags: Sequence[str], workspace: int, controls: int
    ) -> _Registers:
        sizes = {"system": system, "index": index, **dict.fromkeys(flags, 1)}
        sizes |= {"workspace": workspace, "control": controls}
        registers = {name: QuantumRegister(size, name) for name, size in sizes.items()}
        circuit = QuantumCircuit(*registers.values(), name="banded_block_encoding")
        return cls(
            circuit,
            [*registers["system"]],
            [*registers["index"]],
            [registers[name][0] for name in flags],
            [*registers["workspace"]],
            [*registers["control"]],
        )


def _shift_encoding(
    size: int, moves: Mapping[int, complex], description: str, *, wraps: bool
) -> BlockEncoding:
    n = (size - 1).bit_length()
    shifts = Shifts.of(moves)
    magnitudes = {move: abs(value) for move, value in moves.items()}
    phases = np.zeros(2**shifts.qubits)
    for move, value in moves.items():
        phases[shifts.labels(move)] = np.angle(value)
    padding = 2**n - size
    crossing = at_least(n, size) if padding and shifts.places else None
    # Moves around the register's end that are no longer than the padding cross into it, or out.
    overflows = bool(shifts.places) and not wraps and max(map(abs, moves)) > padding
    flags = ["overflow"] * overflows + ["crossing"] * (crossing is not None)
    workspace = shifts.workspace_qubits(n)
    if crossing is not None:
        workspace = max(workspace, crossing.num_qubits - n - 1)
    circuits = []
    for controls in (0, 1):
        parts = _Registers.of(n, shifts.qubits, flags, workspace, controls)
        circuit, index, control = parts.circuit, parts.index, parts.control
        prepared = index_state(np.sqrt(shifts.spread(magnitudes)), controlled=bool(controls))
        turned = diagonal(np.concatenate([0 * phases, phases]) if controls else phases)
        circuit.compose(prepared, [*index, *control], inplace=True)
        circuit.compose(turned, [*index, *control], inplace=True)
        overflow = parts.flags[:overflows]
        if crossing is None:
            shifts.add(circuit, index, parts.system, overflow, parts.workspace)
        else:
            # Flipped twice by a row that stays on its side of the end of the matrix.
            clean = parts.workspace[: crossing.num_qubits - n - 1]
            compared = [*parts.system, parts.flags[-1], *clean]
            circuit.compose(crossing, compared, inplace=True)
            shifts.add(circuit, index, parts.system, overflow, parts.workspace)
            circuit.compose(crossing, compared, inplace=True)
        circuit.compose(prepared.inverse(), [*index, *control], inplace=True)
        circuits.append(circuit)
    signals = shifts.qubits + len(flags)
    return BlockEncoding(
        circuits[0], sum(magnitudes.values()), n, signals, description, circuits[1]
    )


def _check_size(size: int) -> None:
    if size < 2:
        raise ValueError(f"size = {size}: a banded matrix has at least 2 rows")


def _checked_coefficients(coefficients: Mapping[int, complex], size: int) -> dict[int, complex]:
    for offset, value in coefficients.items():
        if abs(offset) >= size:
            raise ValueError(
                f"coefficients: offset {offset} lies outside a matrix of {size} rows; accepted are "
                f"{1 - size} to {size - 1}"
            )
        if not np.isfinite(value):
            raise ValueError(f"coefficients: {value} on diagonal {offset} is not finite")
    bands = {offset: complex(value) for offset, value in coefficients.items() if value}
    if not bands:
        raise ValueError("coefficients: all are zero; at least one other is needed")
    return bands


def _checked_diagonals(
    diagonals: Mapping[int, ArrayLike], size: int
) -> dict[int, NDArray[np.complex128]]:
    bands = {}
    for offset, entries in diagonals.items():
        values = np.asarray(entries, dtype=complex)
        length = max(0, size - abs(offset))
        if length == 0 or values.shape != (length,):
            raise ValueError(
                f"diagonals: diagonal {offset} has shape {values.shape}; a matrix of {size} rows "
                f"has {length} entries there"
            )
        if not np.all(np.isfinite(values)):
            raise ValueError(f"diagonals: diagonal {offset} contains NaN or infinity")
        if np.any(values):
            bands[offset] = values
    if not bands:
        raise ValueError("diagonals: all entries are zero; at least one other is needed")
    return bands
