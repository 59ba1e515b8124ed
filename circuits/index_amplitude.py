"""A function of a register's index as the amplitude of a flag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit, QuantumRegister

from circuits.arithmetic import temporary_and
from circuits.parity_rotations import fitted_terms, parity_path, parity_rotations, path_length

Values = NDArray[np.float64]

MAX_TABLE_QUBITS = 14
"""Largest index that a table is fitted for in one piece."""

_WINDOW = 12
_ROUNDING = 1e-9
# At 1/32 erasing costs a thousandth of the success probability, and what is left for angles stays
# a thousand times above what compilers drop.
_ERASED = 1 / 32
_CANDIDATES = 3


def table_terms(
    amplitudes: Values, deviation: float, angles: Values | None = None
) -> dict[int, float]:
    r"""Fit `parity_rotations` to an amplitude for each index.

    Parameters
    ----------
    amplitudes
        Shape ``(2**n,)``: real, in [-1, 1]; NaN where the index never occurs.
    deviation
        Largest relative deviation allowed for every amplitude, below 1. One that is 0 may become
        as large as the smallest other one times this.
    angles
        Angles whose largest Walsh coefficients are kept, radians; by default those of the
        amplitudes, and those of neighbours where the index never occurs.

    Returns
    -------
    dict[int, float]
        At most ``2**n`` terms.
    """
    terms = _fit([amplitudes], deviation, angles)
    assert terms is not None  # one sample is within its own bounds
    return terms


Amplitude = Callable[[NDArray[np.int64]], Values]


@dataclass(frozen=True, eq=False)
class DyadicAmplitude:
    r"""An amplitude that is an even function of a signed index, octave by octave.

    The index j is in two's complement. Its magnitude is split into octaves
    :math:`2^p \le m < 2^{p+1}` from the top, as many as ``depth``; what is left below is one
    piece. In each piece the angle is a sum over few parities of the bits below the leading one.
    As many octaves are split off as take the fewest terms: none for a function that varies slowly
    everywhere, all but the last few for one like :math:`1 / j^2`, so that the cost grows
    linearly with the number of bits, for any range of values.

    Small amplitudes are not left to tiny angles, which compilers drop and devices cannot turn:
    where all octaves from one on are small, their common factor r comes from a qubit that tells
    them from the rest. Instead of being uncomputed it is rotated and read in 0, which takes the
    factor and erases it, at an amplitude of :math:`1 / \sqrt{1 + r^2}` for all.

    Attributes
    ----------
    bits
        Of the index, the sign included.
    depth
        Number of octaves.
    terms
        Angles by parities: bits 0 to ``bits - 2`` of the index exclusive or its sign, then the
        sign, then as many qubits that tell that the topmost bits are all 0, two and more of them.
    factors
        The factor r of each of these qubits; 1 for one that is uncomputed.
    """

    bits: int
    depth: int
    terms: dict[int, float] = field(repr=False)
    factors: tuple[float, ...] = ()

    @classmethod
    def fit(cls, amplitude: Amplitude, bits: int, deviation: float) -> DyadicAmplitude:
        """Fit a function of the magnitude j, from 0 to ``2**(bits - 1)``, real, in [-1, 1].

        The relative deviation is checked for every index in pieces of up to 2**12 of them; in
        larger ones at both ends of each of 2**12 cells, and in their middles, as is right for
        functions without structure inside 1/2**12 of an octave. NaN stands for an index that
        does not occur.

        Raises
        ------
        ValueError
            If the index has fewer than 2 bits.
        """
        if bits < 2:
            raise ValueError(f"bits = {bits}: a signed index has at least 2")
        candidates = [
            cls._with_depth(amplitude, bits, deviation, depth)
            for depth in _good_depths(amplitude, bits, deviation)
        ]
        return min(candidates, key=lambda candidate: candidate.two_qubit_gates)

    @classmethod
    def _with_depth(
        cls, amplitude: Amplitude, bits: int, deviation: float, depth: int
    ) -> DyadicAmplitude:
        places = _places(bits, depth)
        factors = _factors([_largest(amplitude, *place) for place in places])
        pieces = []
        for i, place in enumerate(places):
            # The qubit that tells that i + 1 bits are 0 takes its factor off all octaves before.
            taken = float(np.prod(factors[max(0, i - 1) :])) if i < depth else 1.0
            piece = _piece(amplitude, *place, deviation, taken)
            assert piece is not None
            pieces.append(piece)
        return cls(bits, depth, _combined(pieces, bits), factors)

    @property
    def scale(self) -> float:
        """What all amplitudes are multiplied by, for the qubits that are erased."""
        erased = np.array([factor for factor in self.factors if factor < 1])
        return float(np.prod(1 / np.sqrt(1 + erased**2)))

    @property
    def workspace_qubits(self) -> int:
        """Qubits that are 0 before, and have to be read in 0 after."""
        return len(self.factors)

    @property
    def two_qubit_gates(self) -> int:
        """Number of CX."""
        fold = 2 * (self.bits - 1) if self.depth else 0
        ands = self.workspace_qubits + sum(factor == 1 for factor in self.factors)
        return path_length(parity_path(self._physical())) + fold + 3 * ands

    def circuit(self) -> QuantumCircuit:
        """Build the circuit on index, flag and workspace; see `parity_rotations` on the flag."""
        index, flag = QuantumRegister(self.bits, "index"), QuantumRegister(1, "flag")
        workspace = QuantumRegister(self.workspace_qubits, "workspace")
        circuit = QuantumCircuit(index, flag, workspace, name="dyadic_amplitude")
        if self.depth:
            circuit.cx([index[-1]] * (self.bits - 1), index[:-1])
        steps = range(self.workspace_qubits)
        for step in steps:
            self._tell_zero(circuit, step)
        rotations = parity_rotations(self._physical(), self.bits + self.workspace_qubits)
        circuit.compose(rotations, [*index, *workspace, *flag], inplace=True)
        for step in reversed(steps):
            if self.factors[step] == 1:
                self._tell_zero(circuit, step)
        for qubit, factor in zip(workspace, self.factors, strict=True):
            if factor < 1:
                circuit.ry(-2 * np.arctan2(1, factor), qubit)
        if self.depth:
            circuit.cx([index[-1]] * (self.bits - 1), index[:-1])
        return circuit

    def _tell_zero(self, circuit: QuantumCircuit, step: int) -> None:
        """Write to, or clear from, a qubit of the workspace that step + 2 bits are all 0."""
        index, _, workspace = circuit.qregs
        above = workspace[step - 1] if step else index[-2]
        negated = [index[-3 - step]] if step else [above, index[-3]]
        circuit.x(negated)
        temporary_and(circuit, above, index[-3 - step], workspace[step])
        circuit.x(negated)

    def _physical(self) -> dict[int, float]:
        """Terms on the qubits as they are: without octaves the sign is not added to the bits."""
        if self.depth:
            return self.terms
        sign = 1 << (self.bits - 1)
        return {
            mask ^ sign * ((mask & (sign - 1)).bit_count() & 1): angle
            for mask, angle in self.terms.items()
        }


def _places(bits: int, depth: int) -> list[tuple[int, int]]:
    """First magnitude, and number of bits that run below it, of all octaves and of the rest."""
    tops = [bits - 2 - place for place in range(depth)]
    return [*((2**top, top) for top in tops), (0, bits - 1 - depth)]


def _good_depths(amplitude: Amplitude, bits: int, deviation: float) -> list[int]:
    """Numbers of octaves with the fewest terms, which are quick to count."""
    octaves: list[dict[int, float]] = []
    costs: dict[int, int] = {}
    for depth in range(bits):
        *_, rest = _places(bits, depth)
        piece = _piece(amplitude, *rest, deviation)
        if piece is not None:
            overhead = 2 * (bits - 1) + 6 * (depth - 1) if depth else 0
            costs[depth] = len(_combined([*octaves, piece], bits)) + overhead
        top = bits - 2 - depth
        octave = _piece(amplitude, 2**top, top, deviation) if top >= 0 else None
        if octave is None:
            break
        octaves.append(octave)
    if not costs:
        raise ValueError(
            f"amplitude: varies too fast to be fitted within {deviation:.1e} on cells of 1/2**"
            f"{_WINDOW} of an octave"
        )
    return sorted(costs, key=lambda depth: costs[depth])[:_CANDIDATES]


def _factors(largest: list[float]) -> tuple[float, ...]:
    """Choose the qubits that are to be erased, from the largest amplitude of each piece."""
    depth = len(largest) - 1
    factors = [1.0] * max(0, depth - 1)
    unit = 1.0
    for step in reversed(range(len(factors))):
        # Kept at most 1/2: the angle of an amplitude near 1 varies too fast.
        above = 2 * max(largest[: step + 2])
        if 0 < above < _ERASED * unit:
            factors[step] = above / unit
            unit = above
    return tuple(factors)


def _samples(amplitude: Amplitude, first: int, low: int) -> list[Values]:
    """Amplitudes at ends and middles of up to 2**12 cells, without and with the sign's 1."""
    kept = min(low, _WINDOW)
    cell = 2 ** (low - kept)
    start = first + cell * np.arange(2**kept)
    sign = np.arange(2)[:, None]
    offsets = sorted({0, cell // 2, cell - 1})
    return [amplitude((start + offset + sign).ravel()) for offset in offsets]


def _largest(amplitude: Amplitude, first: int, low: int) -> float:
    sizes = np.abs(np.concatenate(_samples(amplitude, first, low)))
    return float(np.max(np.nan_to_num(sizes)))


def _piece(
    amplitude: Amplitude, first: int, low: int, deviation: float, taken: float = 1.0
) -> dict[int, float] | None:
    """Fit magnitudes ``first + u + sign`` for u of ``low`` bits; mask bit ``low`` is the sign's."""
    kept = min(low, _WINDOW)
    terms = _fit([sample / taken for sample in _samples(amplitude, first, low)], deviation)
    if terms is None:
        return None
    return {
        (mask & (2**kept - 1)) << (low - kept) | (mask >> kept) << low: angle
        for mask, angle in terms.items()
    }


def _combined(pieces: list[dict[int, float]], bits: int) -> dict[int, float]:
    """Sum of all octaves' terms, each times the indicator of its octave."""
    depth = len(pieces) - 1
    sign = bits - 1
    combined: dict[int, float] = {}
    for place, piece in enumerate(pieces):
        low = bits - 2 - place if place < depth else bits - 1 - depth
        indicator, one = _indicator(place, depth, bits)
        for mask, angle in piece.items():
            moved = (mask & (2**low - 1)) | (mask >> low) << sign
            if not depth:
                combined[moved] = angle
                continue
            # An indicator with parity P is (1 - one * (-1)**P) / 2.
            for target, part in ((moved, angle / 2), (moved ^ indicator, -one * angle / 2)):
                combined[target] = combined.get(target, 0.0) + part
    return combined


def _indicator(place: int, depth: int, bits: int) -> tuple[int, int]:
    """Mask whose parity tells a piece from all others, and 1, or -1 if it is then even."""

    def all_zero(count: int) -> int:
        # Whether the topmost bits are all 0: of one bit it is that bit itself, negated.
        return 1 << (bits - 2) if count == 1 else 1 << (bits + count - 2)

    if place == depth:
        return all_zero(depth), -1 if depth == 1 else 1
    if place == 0:
        return all_zero(1), 1
    return all_zero(place) ^ all_zero(place + 1), -1 if place == 1 else 1


def _fit(
    samples: list[Values], deviation: float, angles: Values | None = None
) -> dict[int, float] | None:
    """Terms within the deviation from all samples, each one amplitude for every index, if any."""
    sizes = np.abs(np.concatenate(samples))
    smallest = float(np.min(sizes, initial=1.0, where=sizes > 0))
    bounds = [_angle_bounds(sample, deviation, smallest) for sample in samples]
    lower = np.max([low for low, _ in bounds], axis=0)
    upper = np.min([high for _, high in bounds], axis=0)
    if np.any(lower > upper):
        return None
    if angles is None:
        wanted = [2 * np.arcsin(np.clip(sample, -1, 1)) for sample in samples]
        angles = _filled((np.min(wanted, axis=0) + np.max(wanted, axis=0)) / 2)
    slack = _ROUNDING * smallest
    return fitted_terms(
        angles, lambda fit: bool(np.all((fit >= lower - slack) & (fit <= upper + slack)))
    )


def _angle_bounds(amplitudes: Values, deviation: float, smallest: float) -> tuple[Values, Values]:
    """Angles whose sine of the half is within the deviation; infinite where it is NaN."""
    size = np.abs(amplitudes)
    low = 2 * np.arcsin(np.clip(size * (1 - deviation), 0, 1))
    high = size * (1 + deviation)
    # Beyond half a turn the amplitude falls again.
    high = np.where(high <= 1, 2 * np.arcsin(np.clip(high, 0, 1)), 2 * np.pi - low)
    zero = size == 0
    low = np.where(zero, -2 * deviation * smallest, low)
    high = np.where(zero, 2 * deviation * smallest, high)
    negative = amplitudes < 0
    low, high = np.where(negative, -high, low), np.where(negative, -low, high)
    free = np.isnan(amplitudes)
    return np.where(free, -np.inf, low), np.where(free, np.inf, high)


def _filled(angles: Values) -> Values:
    """Angles with those that do not matter, NaN, set to their neighbours'."""
    known = np.flatnonzero(~np.isnan(angles))
    if known.size == 0:
        return np.zeros_like(angles)
    nearest = np.searchsorted((known[1:] + known[:-1]) / 2, np.arange(angles.size))
    return angles[known[nearest]]
