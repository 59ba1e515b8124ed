"""Correction of sampled counts for readout errors, on any backend.

Two circuits prepare all measured qubits in 0 and in 1; how often each qubit is misread then gives
a 2x2 matrix for it. The matrix of all qubits together, their tensor product, is inverted on the
bit strings that were observed (M3: Nation, Kang, Sundaresan and Gambetta, PRX Quantum 2, 040326
(2021)), by the package mthree.

Taken for granted: qubits are misread independently of each other, and the error of the X gate that
prepares 1 is small beside that of readout, which it is counted as.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import ControlFlowOp
from qiskit.primitives.containers import BitArray

from qml_algos.backends.base import Backend, require_shots
from qml_algos.errors import MissingExtraError, UnsupportedCircuitError

# A column of a matrix of probabilities adds up to 1 but for rounding.
_ROUNDING = 1e-6


@dataclass(frozen=True)
class MitigatedCounts:
    """Counts corrected for readout errors.

    Attributes
    ----------
    quasi_probabilities
        Of each observed bit string, qubit of bit 0 last as in Qiskit's counts. They add up to 1
        but may be negative; averages over them are free of bias by readout.
    probabilities
        The nearest probabilities in the Euclidean norm, zeros left out. Not free of bias.
    shots
        Number of shots that were corrected.
    overhead
        Variances are at most this many times those of as many shots without readout errors.
    """

    quasi_probabilities: Mapping[str, float]
    probabilities: Mapping[str, float]
    shots: int
    overhead: float


@dataclass(frozen=True)
class ReadoutCalibration:
    """How often each bit of a result is misread.

    Attributes
    ----------
    qubits
        Physical qubit that was measured into each bit, bit 0 first.
    matrices
        For each bit a 2x2 matrix: in row i and column j the probability of reading i when j was
        prepared.

    Raises
    ------
    ValueError
        If a matrix is none of probabilities, or of a qubit that is misread as often as not, whose
        readout says nothing.
    """

    qubits: tuple[int, ...]
    matrices: tuple[NDArray[np.float64], ...]

    def __post_init__(self) -> None:
        if len(self.qubits) != len(self.matrices):
            raise ValueError(
                f"matrices: there are {len(self.matrices)} for {len(self.qubits)} qubits"
            )
        for qubit, matrix in zip(self.qubits, self.matrices, strict=True):
            _check_matrix(qubit, np.asarray(matrix))

    @classmethod
    def measure(
        cls,
        backend: Backend,
        qubits: QuantumCircuit | Sequence[int],
        shots: int | None = None,
        seed: int | None = None,
    ) -> ReadoutCalibration:
        """Run the two calibration circuits, as one job of the backend's own sampler.

        Parameters
        ----------
        backend
            An opened backend that has the gate X.
        qubits
            A compiled circuit whose results are to be corrected, or the physical qubits measured
            into bit 0, 1 and so on.
        shots
            Shots of each circuit; the backend's default if not given. A probability p is found
            with a standard error of ``sqrt(p * (1 - p) / shots)``.
        seed
            Of a simulator.

        Raises
        ------
        ValueError
            If qubits are no distinct non-negative integers, or shots no positive integer.
        UnsupportedCircuitError
            If the circuit measures nothing, leaves bits unwritten, writes one twice, or has control
            flow, which acts on bits before they can be corrected.
        """
        places = measured_qubits(qubits) if isinstance(qubits, QuantumCircuit) else _checked(qubits)
        shots = backend.config.limits.default_shots if shots is None else shots
        require_shots(backend.config, shots)
        # A circuit may measure one qubit several times.
        distinct = sorted(set(places))
        circuits = [_preparation(distinct, value) for value in (0, 1)]
        results = backend.sampler(seed).run(circuits, shots=shots).result()
        ones = [np.mean(r.data.readout.to_bool_array(order="little"), axis=0) for r in results]
        matrices = {
            qubit: np.array([[1 - ones[0][bit], 1 - ones[1][bit]], [ones[0][bit], ones[1][bit]]])
            for bit, qubit in enumerate(distinct)
        }
        return cls(places, tuple(matrices[qubit] for qubit in places))

    def apply(self, counts: Mapping[str, int] | BitArray) -> MitigatedCounts:
        """Correct the counts of one circuit.

        Parameters
        ----------
        counts
            Number of shots for each bit string, or the bits of all shots, as many in each as
            there are `qubits`.

        Raises
        ------
        ValueError
            If the bits are not as many, or the counts none.
        MissingExtraError
            If mthree is not installed.
        """
        checked = self._checked_counts(counts)
        mthree = _import_mthree()
        mitigation = mthree.M3Mitigation()
        mitigation.cals_from_matrices([np.asarray(matrix, float) for matrix in self.matrices])
        width = len(self.qubits)
        quasi = mitigation.apply_correction(
            checked, range(width), distance=width, return_mitigation_overhead=True
        )
        nearest = quasi.nearest_probability_distribution()
        return MitigatedCounts(
            quasi_probabilities=_sorted(quasi),
            probabilities=_sorted({bits: p for bits, p in nearest.items() if p > 0}),
            shots=sum(checked.values()),
            overhead=float(quasi.mitigation_overhead),
        )

    def _checked_counts(self, counts: Mapping[str, int] | BitArray) -> dict[str, int]:
        if isinstance(counts, BitArray):
            if counts.shape != ():
                raise ValueError(
                    f"counts: an array of shape {counts.shape}; correct its entries one by one"
                )
            counts = counts.get_counts()
        if not isinstance(counts, Mapping):
            raise ValueError(
                f"counts: must be a mapping or a BitArray, not {type(counts).__name__}"
            )
        # Qiskit puts spaces between registers.
        plain = [(str(bits).replace(" ", ""), count) for bits, count in counts.items()]
        width = len(self.qubits)
        for bits, count in plain:
            if len(bits) != width or set(bits) - {"0", "1"}:
                raise ValueError(f"counts: {bits!r} is no string of {width} bits")
            if not _is_natural(count):
                raise ValueError(f"counts: {count!r} of {bits!r} must be a non-negative integer")
        checked = {bits: int(count) for bits, count in plain if count}
        if not checked:
            raise ValueError("counts: there is none")
        return checked


def measured_qubits(circuit: QuantumCircuit) -> tuple[int, ...]:
    """Physical qubit that a compiled circuit measures into each of its classical bits.

    Raises
    ------
    UnsupportedCircuitError
        If that cannot be said: see `ReadoutCalibration.measure`.
    """
    places: dict[int, int] = {}
    for instruction in circuit.data:
        operation = instruction.operation
        if isinstance(operation, ControlFlowOp):
            raise UnsupportedCircuitError(
                f"circuit {circuit.name!r} has control flow ({operation.name!r}): it acts on bits "
                "before their readout errors can be corrected"
            )
        if operation.name != "measure":
            continue
        bit = circuit.find_bit(instruction.clbits[0]).index
        if bit in places:
            raise UnsupportedCircuitError(f"circuit {circuit.name!r} measures into bit {bit} twice")
        places[bit] = circuit.find_bit(instruction.qubits[0]).index
    missing = [bit for bit in range(circuit.num_clbits) if bit not in places]
    if missing or not places:
        what = f"into bit {missing[0]}" if missing else "anything"
        raise UnsupportedCircuitError(f"circuit {circuit.name!r} does not measure {what}")
    return tuple(places[bit] for bit in range(circuit.num_clbits))


def _checked(qubits: Sequence[int]) -> tuple[int, ...]:
    places = tuple(qubits)
    if not places or not all(map(_is_natural, places)) or len(set(places)) < len(places):
        raise ValueError(f"qubits = {qubits!r}: must be distinct non-negative integers")
    return tuple(map(int, places))


def _is_natural(number: object) -> bool:
    """Whether it is an integer from 0 on, of Python or NumPy."""
    if isinstance(number, bool) or not isinstance(number, int | np.integer):
        return False
    return bool(number >= 0)


def _check_matrix(qubit: int, matrix: NDArray[np.float64]) -> None:
    shown = np.round(matrix, 6).tolist()
    if matrix.shape != (2, 2) or not np.all((matrix >= 0) & (matrix <= 1)):
        raise ValueError(f"matrix of qubit {qubit} = {shown}: must be 2x2 probabilities")
    if np.any(np.abs(matrix.sum(axis=0) - 1) > _ROUNDING):
        raise ValueError(f"matrix of qubit {qubit} = {shown}: its columns must add up to 1")
    if matrix[0, 1] >= matrix[0, 0]:
        raise ValueError(
            f"matrix of qubit {qubit} = {shown}: a prepared 1 is read as 0 as often as a prepared "
            "0 is, so its readout says nothing"
        )


def _preparation(qubits: Sequence[int], value: int) -> QuantumCircuit:
    """Prepare each of some physical qubits in ``value`` and measure them in order."""
    readout = ClassicalRegister(len(qubits), "readout")
    circuit = QuantumCircuit(QuantumRegister(max(qubits) + 1), readout, name=f"readout_{value}")
    if value:
        circuit.x(qubits)
    circuit.barrier(qubits)
    circuit.measure(qubits, readout)
    return circuit


def _sorted(distribution: Mapping[str, float]) -> dict[str, float]:
    return {bits: float(distribution[bits]) for bits in sorted(distribution)}


def _import_mthree() -> Any:
    try:
        return importlib.import_module("mthree")
    except ModuleNotFoundError:
        raise MissingExtraError(
            "correcting readout errors needs mthree: pip install 'qml-algos[mitigation]'"
        ) from None
