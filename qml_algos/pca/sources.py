"""What principal components are asked of: data, or a circuit that prepares a state."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from qiskit import QuantumCircuit, qasm2
from qiskit.quantum_info import DensityMatrix, partial_trace

from qml_algos.errors import InvalidProblemError

DATA_SUFFIXES = (".npy", ".csv", ".txt")
CIRCUIT_SUFFIXES = (".qasm",)
_LARGEST_STATE = 12
"""Qubits of a circuit whose density matrix is worked out for reference: 256 MiB."""


@dataclass(frozen=True, eq=False)
class Data:
    """Samples in rows, features in columns.

    Attributes
    ----------
    values
        Shape ``(n_samples, n_features)``.
    """

    values: NDArray[np.float64]

    @property
    def features(self) -> int:
        """Number of features."""
        return int(self.values.shape[1])

    def fit(self, estimator: Any) -> Any:
        """Fit an estimator."""
        return estimator.fit(self.values)

    def principal_axes(self, count: int) -> NDArray[Any]:
        """Rows: the leading components by a singular value decomposition."""
        centred = self.values - self.values.mean(axis=0)
        axes: NDArray[Any] = scipy.linalg.svd(centred, full_matrices=False)[2][:count]
        return axes


@dataclass(frozen=True, eq=False)
class PreparedState:
    """The state of some qubits that a circuit prepares.

    Attributes
    ----------
    circuit
        Without measurements.
    system_qubits
        How many of its lowest qubits, the others purifying them or being where noise comes from;
        ``None`` for all.
    """

    circuit: QuantumCircuit
    system_qubits: int | None = None

    @property
    def features(self) -> int:
        """Dimension of the state."""
        return int(2 ** (self.system_qubits or self.circuit.num_qubits))

    def fit(self, estimator: Any) -> Any:
        """Fit an estimator."""
        return estimator.fit_circuit(self.circuit, self.system_qubits)

    def principal_axes(self, count: int) -> NDArray[Any]:
        """Rows: the leading eigenvectors, which no device would tell.

        Raises
        ------
        InvalidProblemError
            If the circuit is too large for its density matrix to be written down.
        """
        if self.circuit.num_qubits > _LARGEST_STATE:
            raise InvalidProblemError(
                f"the circuit has {self.circuit.num_qubits} qubits: of more than {_LARGEST_STATE} "
                "there is no reference to compare with"
            )
        state = DensityMatrix(self.circuit)
        system = self.system_qubits or self.circuit.num_qubits
        others = range(system, self.circuit.num_qubits)
        matrix = partial_trace(state, [*others]).data if others else state.data
        axes: NDArray[Any] = scipy.linalg.eigh(matrix)[1].T[::-1][:count]
        return axes


Source = Data | PreparedState


def read_source(path: str | PathLike[str], system_qubits: int | None = None) -> Source:
    """Read data, or a circuit.

    Parameters
    ----------
    path
        ``.npy`` with two axes; ``.csv`` or ``.txt`` with one sample a line, entries apart by commas
        or white space (a first line that is no numbers is a heading, lines that begin with # are
        skipped); ``.qasm``: a circuit in OpenQASM 2.
    system_qubits
        Of a circuit.

    Raises
    ------
    InvalidProblemError
        If the file is missing, of another kind or malformed; the message names it.
    """
    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in (*DATA_SUFFIXES, *CIRCUIT_SUFFIXES):
        raise InvalidProblemError(
            f"{file}: read are {', '.join(DATA_SUFFIXES)} (data) and .qasm (a circuit)"
        )
    if suffix in DATA_SUFFIXES and system_qubits is not None:
        raise InvalidProblemError(f"{file} holds data: system qubits are of circuits")
    try:
        if suffix in CIRCUIT_SUFFIXES:
            instructions = qasm2.LEGACY_CUSTOM_INSTRUCTIONS
            circuit = qasm2.load(file, custom_instructions=instructions)
            return PreparedState(circuit, system_qubits)
        # Objects would be unpickled, which runs whatever the file says.
        values = np.load(file, allow_pickle=False) if suffix == ".npy" else _table(file)
    except InvalidProblemError:
        raise
    except (OSError, ValueError, EOFError, qasm2.QASM2ParseError) as error:
        raise InvalidProblemError(f"{file}: cannot be read ({error})") from None
    if values.ndim != 2 or values.dtype.kind not in "fiub":
        raise InvalidProblemError(
            f"{file}: array of {values.dtype} with {values.ndim} axes: samples in rows and "
            "features in columns are needed, real numbers"
        )
    return Data(np.asarray(values, dtype=np.float64))


def _table(file: Path) -> NDArray[np.float64]:
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    rows = []
    for place, line in enumerate(lines):
        entries = line.replace(",", " ").split()
        try:
            rows.append([float(entry) for entry in entries])
        except ValueError:
            if place:
                raise InvalidProblemError(
                    f"{file}: sample {place} is {line[:40]!r}: numbers are needed"
                ) from None
    lengths = {len(row) for row in rows}
    if len(lengths) != 1:
        raise InvalidProblemError(
            f"{file}: samples of {sorted(lengths)} entries: all must have the same number"
        )
    return np.array(rows)
