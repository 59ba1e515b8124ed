"""The circuit of a trained matrix product state, and how its bits are read as categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.transpiler import Target

from circuits.tensor_network.distances import DistributionDistances, distribution_distances
from circuits.tensor_network.preparation import Objective, prepare_mps
from circuits.tensor_network.qubits import qubit_tensors
from qml_algos.backends import Backend
from qml_algos.backends import backend as open_backend
from qml_algos.backends.base import COMPILER_SEED, require_qubits, target_of
from qml_algos.errors import InvalidProblemError, TooLargeError, UnknownNameError
from qml_algos.generative.checks import Categories
from qml_algos.results import circuit_costs
from qml_algos.validation import is_number

Device: TypeAlias = Backend | str | Path | Target
"""An opened backend, the name of one, the path of its description, or what Qiskit knows of one."""


@dataclass(frozen=True, eq=False)
class ModelCircuit:
    """A circuit that prepares the state of a model from ``|0...0>``; measured, it draws samples.

    Attributes
    ----------
    circuit
        Without measurements, not compiled. The first variable of the chain is on the most
        significant qubits. One of d categories has ``ceil(log2 d)``, the most significant first.
    fidelity
        Squared overlap with the state of the model, computed from the tensors: of an ideal device.
    distances
        Of what an ideal device measures, from the model: exact up to 20 qubits, else estimated.
    two_qubit_gates, two_qubit_depth, depth
        Of the circuit as compiled for the target; as it is written if there is none.
    method
        How it was made; see `circuits.tensor_network.prepared.PreparedMPS`.
    order
        The variable at each place of the chain.
    categories
        Of the variables, in the order of the data.
    """

    circuit: QuantumCircuit
    fidelity: float
    distances: DistributionDistances
    two_qubit_gates: int
    two_qubit_depth: int
    depth: int
    method: str
    order: tuple[int, ...]
    categories: Categories

    @property
    def qubits(self) -> int:
        """Number of qubits of the state."""
        return int(self.circuit.num_qubits)

    def measured(self) -> QuantumCircuit:
        """Return a copy that measures all qubits, into a register ``meas``."""
        circuit = self.circuit.copy()
        circuit.measure_all()
        return circuit

    def decode(self, bits: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Read measured bits as categories.

        Parameters
        ----------
        bits
            Shape ``(shots, qubits)``, that of qubit 0 first, as
            `qml_algos.backends.execution.Executed` has them.

        Returns
        -------
        X
            Shape ``(shots, variables)``, in the order of the data.
        valid
            Shape ``(shots,)``: whether all numbers in the row are categories. A variable of d
            categories has ``2**ceil(log2 d)`` bit patterns; the state leaves the others at 0, but
            an approximation of it or a noisy device may not.

        Raises
        ------
        InvalidProblemError
            If the bits have another shape, or are anything but 0 and 1.
        """
        table = np.asarray(bits)
        if table.ndim != 2 or table.shape[1] != self.qubits:
            raise InvalidProblemError(
                f"bits has shape {table.shape}: (shots, {self.qubits}) is needed"
            )
        if not np.all((table == 0) | (table == 1)):
            raise InvalidProblemError("bits: every entry must be 0 or 1")
        along_chain = table[:, ::-1].astype(np.int64)
        X = np.empty((len(table), self.categories.variables), dtype=np.int64)
        first = 0
        for variable in self.order:
            width = qubits_of(self.categories.sizes[variable])
            X[:, variable] = along_chain[:, first : first + width] @ (1 << np.arange(width)[::-1])
            first += width
        return X, np.all(np.asarray(self.categories.sizes) > X, axis=1)

    def __repr__(self) -> str:
        return (
            f"ModelCircuit({self.categories.variables} variables on {self.qubits} qubits, "
            f"{self.method}, fidelity {self.fidelity:.4f}, KL {self.distances.kl_divergence:.3g} "
            f"nats, {self.two_qubit_gates:,} two-qubit gates, depth {self.depth:,})"
        )


def model_circuit(
    cores: Sequence[NDArray[Any]],
    order: ArrayLike,
    categories: Categories,
    target: Device | None = None,
    *,
    fidelity: float = 0.99,
    max_two_qubit_gates: int | None = None,
    objective: Objective = "gates",
) -> ModelCircuit:
    """Find a circuit that prepares a state of discrete variables.

    Parameters
    ----------
    cores
        Real or complex, of shape ``(left bond, categories, right bond)``, along the chain.
    order
        The variable at each place of the chain.
    categories
        Of the variables.
    target, fidelity, max_two_qubit_gates, objective
        As in `MPSBornMachine.to_circuit`.

    Raises
    ------
    InvalidProblemError
        If the fidelity or the number of gates is out of range, or the target is none.
    UnknownNameError
        If there is no such objective or backend.
    TooLargeError
        If the target has too few qubits.
    """
    _require_wishes(fidelity, max_two_qubit_gates, objective)
    device = open_backend(target) if isinstance(target, str | Path) else target
    qubits = sum(qubits_of(size) for size in categories.sizes)
    known = _target_with_room(device, qubits, f"a model of {categories.variables} variables")
    tensors = qubit_tensors(cores)
    prepared = prepare_mps(
        tensors,
        fidelity=float(fidelity),
        max_two_qubit_gates=max_two_qubit_gates,
        target=known,
        objective=objective,
    )
    costs = circuit_costs(_compiled(prepared.circuit, device))
    return ModelCircuit(
        circuit=prepared.circuit,
        fidelity=prepared.fidelity,
        distances=distribution_distances(prepared, tensors),
        two_qubit_gates=costs["two_qubit_gates"],
        two_qubit_depth=costs["two_qubit_depth"],
        depth=costs["depth"],
        method=prepared.method,
        order=tuple(int(variable) for variable in np.asarray(order)),
        categories=categories,
    )


def qubits_of(size: int) -> int:
    """Qubits of a variable with so many categories, at least two."""
    return (size - 1).bit_length()


def _require_wishes(fidelity: object, max_two_qubit_gates: object, objective: object) -> None:
    if not is_number(fidelity) or not 0 < fidelity <= 1:  # type: ignore[operator]
        raise InvalidProblemError(
            f"fidelity = {fidelity!r}: must be a number above 0 and at most 1"
        )
    if objective not in get_args(Objective):
        raise UnknownNameError("objective", objective, get_args(Objective))
    if max_two_qubit_gates is None:
        return
    whole = isinstance(max_two_qubit_gates, int | np.integer)
    if not whole or isinstance(max_two_qubit_gates, bool) or max_two_qubit_gates < 0:  # type: ignore[operator]
        raise InvalidProblemError(
            f"max_two_qubit_gates = {max_two_qubit_gates!r}: must be an integer from 0 on, or None"
        )


def _target_with_room(device: Backend | Target | None, qubits: int, what: str) -> Target | None:
    """Return what Qiskit knows of a device, after its qubits are known to be enough."""
    if device is None:
        return None
    if isinstance(device, Backend):
        require_qubits(device.config, qubits, what)
        return target_of(device)
    if not isinstance(device, Target):
        raise InvalidProblemError(
            f"target: {type(device).__name__} given, a backend, the name of one, the path of its "
            "description, or a qiskit Target is needed"
        )
    if device.num_qubits is not None and qubits > device.num_qubits:
        raise TooLargeError(f"{what} needs {qubits} qubits; target has {device.num_qubits}")
    return device


def _compiled(circuit: QuantumCircuit, device: Backend | Target | None) -> QuantumCircuit:
    if isinstance(device, Backend):
        return device.compile([circuit])[0]
    if device is None:
        return circuit
    return transpile(circuit, target=device, optimization_level=2, seed_transpiler=COMPILER_SEED)
