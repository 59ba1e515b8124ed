"""Expectation values, probabilities and exact gradients, by PennyLane's adjoint differentiation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
        self._program = _Program(circuit)
        self._matrices = [scipy.sparse.csr_matrix(operator) for operator in operators]

    def __call__(self, parameters: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Values of shape ``(k,)`` and gradients of shape ``(k, P)``.

        Parameters
        ----------
        parameters
            Shape ``(P,)``, radians, in the order of ``circuit.parameters``.
        """
        return self._program.differentiated(parameters, self._observables)

    @cached_property
    def _observables(self) -> list[Any]:
        return [self._program.observable(matrix) for matrix in self._matrices]


class ProbabilityGradient:
    """Exact probabilities of all outcomes of a circuit, and gradients of functions of them.

    A function of the probabilities changes with the parameters as the expectation value of the
    diagonal operator of its derivatives does: one adjoint differentiation, whatever the function.

    Parameters
    ----------
    circuit
        As for `AdjointGradient`.

    Raises
    ------
    UnsupportedCircuitError
        As `AdjointGradient` does.
    """

    def __init__(self, circuit: QuantumCircuit) -> None:
        self._program = _Program(circuit)

    def probabilities(self, parameters: ArrayLike) -> NDArray[np.float64]:
        """Shape ``(2**n,)``; qubit 0 is the least significant bit.

        Parameters
        ----------
        parameters
            Shape ``(P,)``, radians, in the order of ``circuit.parameters``.
        """
        return self._program.probabilities(parameters)

    def __call__(
        self,
        parameters: ArrayLike,
        function: Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]],
    ) -> tuple[float, NDArray[np.float64]]:
        """Value of a function of the probabilities, and its gradient of shape ``(P,)``.

        Parameters
        ----------
        parameters
            Shape ``(P,)``, radians, in the order of ``circuit.parameters``.
        function
            Returns its value and its derivatives by the probabilities, shape ``(2**n,)``.
        """
        value, slope = function(self.probabilities(parameters))
        diagonal = self._program.observable(scipy.sparse.csr_matrix(scipy.sparse.diags(slope)))
        _, gradients = self._program.differentiated(parameters, [diagonal])
        return value, gradients[0]


class _Program:
    """A circuit as operations of PennyLane, on a device of as many qubits."""

    def __init__(self, circuit: QuantumCircuit) -> None:
        self._qubits = circuit.num_qubits
        self._steps = _steps(circuit)

    def observable(self, matrix: Any) -> Any:
        """Return a Hermitian matrix of all qubits as PennyLane knows it."""
        import pennylane as qml

        return qml.SparseHamiltonian(matrix, wires=range(self._qubits))

    def probabilities(self, parameters: ArrayLike) -> NDArray[np.float64]:
        """Probabilities of all outcomes."""
        import pennylane as qml

        operations = self._operations(np.asarray(parameters, dtype=float))
        tape = qml.tape.QuantumScript(operations, [qml.probs(wires=range(self._qubits))])
        return np.asarray(self._device.execute(tape))

    def differentiated(
        self, parameters: ArrayLike, observables: Sequence[Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return expectation values and gradients, parameters in the order of the circuit's."""
        import pennylane as qml

        angles = np.asarray(parameters, dtype=float)
        measurements = [qml.expval(observable) for observable in observables]
        tape = qml.tape.QuantumScript(self._operations(angles), measurements)
        tape.trainable_params = range(angles.size)
        config = qml.devices.ExecutionConfig(gradient_method="adjoint", use_device_gradient=True)
        values, gradients = self._device.execute_and_compute_derivatives(tape, config)
        return np.atleast_1d(values), np.reshape(gradients, (len(observables), angles.size))[
            :, self._order
        ]

    def _operations(self, angles: NDArray[np.float64]) -> list[Any]:
        import pennylane as qml

        return [
            getattr(qml, step.gate)(*_angle(angles, step), wires=step.wires) for step in self._steps
        ]

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Place in the circuit of every parameter."""
        return np.argsort([step.parameter for step in self._steps if step.parameter is not None])

    @cached_property
    def _device(self) -> Any:
        import pennylane as qml

        return qml.device("lightning.qubit", wires=self._qubits)


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
