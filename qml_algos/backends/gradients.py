"""Expectation values and their exact gradients, by PennyLane's adjoint differentiation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter

from qml_algos.errors import UnsupportedCircuitError

_ROTATIONS = {"rx": "RX", "ry": "RY", "rz": "RZ"}
_FIXED = {"cx": "CNOT", "cz": "CZ", "h": "Hadamard", "x": "PauliX"}


class _Step(NamedTuple):
    """A gate of PennyLane: its name, its wires, and which parameter it turns by, if any."""

    gate: str
    wires: list[int]
    parameter: int | None


class AdjointGradient:
    r"""Exact expectation values of operators in the state of a circuit, with their gradients.

    Simulated on ``lightning.qubit``. One call costs about as much as ``2 + 2 k`` runs of the
    circuit for k operators, however many parameters there are, and holds ``2 + k`` statevectors.
    A device cannot do this: there every parameter takes circuits of its own.

    Parameters
    ----------
    circuit
        Of rx, ry, rz, each by a parameter of its own, and cx, cz, h, x.
    operators
        Hermitian, of shape ``(2**n, 2**n)``, dense or sparse; qubit 0 is the least significant
        bit.

    Raises
    ------
    UnsupportedCircuitError
        If the circuit has another instruction, or a parameter occurs twice.

    References
    ----------
    T. Jones, J. Gacon, arXiv:2009.02823 (2020).
    """

    def __init__(self, circuit: QuantumCircuit, operators: Sequence[Any]) -> None:
        self._qubits = circuit.num_qubits
        self._steps = _steps(circuit)
        self._matrices = [scipy.sparse.csr_matrix(operator) for operator in operators]

    def __call__(self, parameters: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Values of shape ``(k,)`` and gradients of shape ``(k, P)``.

        Parameters
        ----------
        parameters
            Shape ``(P,)``, radians, in the order of ``circuit.parameters``.
        """
        import pennylane as qml

        angles = np.asarray(parameters, dtype=float)
        operations = [
            getattr(qml, step.gate)(*_angle(angles, step), wires=step.wires) for step in self._steps
        ]
        tape = qml.tape.QuantumScript(operations, self._measurements)
        tape.trainable_params = range(angles.size)
        config = qml.devices.ExecutionConfig(gradient_method="adjoint", use_device_gradient=True)
        values, gradients = self._device.execute_and_compute_derivatives(tape, config)
        return np.atleast_1d(values), np.reshape(gradients, (len(self._matrices), angles.size))[
            :, self._order
        ]

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Place in the circuit of every parameter."""
        return np.argsort([step.parameter for step in self._steps if step.parameter is not None])

    @cached_property
    def _device(self) -> Any:
        import pennylane as qml

        return qml.device("lightning.qubit", wires=self._qubits)

    @cached_property
    def _measurements(self) -> list[Any]:
        import pennylane as qml

        wires = range(self._qubits)
        return [qml.expval(qml.SparseHamiltonian(m, wires=wires)) for m in self._matrices]


def _angle(angles: NDArray[np.float64], step: _Step) -> list[float]:
    return [] if step.parameter is None else [angles[step.parameter]]


def _steps(circuit: QuantumCircuit) -> list[_Step]:
    places = {parameter: place for place, parameter in enumerate(circuit.parameters)}
    steps = []
    for instruction in circuit.data:
        # Wire 0 of PennyLane is the most significant bit.
        wires = [circuit.num_qubits - 1 - circuit.find_bit(q).index for q in instruction.qubits]
        name, angles = instruction.operation.name, instruction.operation.params
        if name in _FIXED:
            steps.append(_Step(_FIXED[name], wires, None))
        elif name in _ROTATIONS and isinstance(angles[0], Parameter):
            if angles[0] not in places:
                raise UnsupportedCircuitError(
                    f"circuit {circuit.name!r} uses parameter {angles[0]} twice: every rotation "
                    "needs one of its own"
                )
            steps.append(_Step(_ROTATIONS[name], wires, places.pop(angles[0])))
        else:
            raise UnsupportedCircuitError(
                f"circuit {circuit.name!r} has {name!r}: gradients are for rx, ry, rz, each by a "
                f"parameter of its own, and {', '.join(_FIXED)}"
            )
    return steps
