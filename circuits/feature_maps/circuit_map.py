"""Feature map of any circuit with parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import (
    Barrier,
    ControlFlowOp,
    Delay,
    Gate,
    Instruction,
    Parameter,
    ParameterExpression,
    ParameterVector,
)
from qiskit.circuit.library import Initialize, get_standard_gate_name_mapping

from circuits.feature_maps.base import FeatureMap
from circuits.feature_maps.expressions import Columns, affine_form, derivative, evaluate
from circuits.feature_maps.validation import data_matrix, weight_vector

_STANDARD = {name: type(gate) for name, gate in get_standard_gate_name_mapping().items()}

_Step = tuple[Instruction, list[int]]
"""An operation and the qubits it acts on."""


@dataclass(frozen=True, eq=True, repr=False)
class CircuitMap(FeatureMap):
    """Any circuit, whose parameters are features or trainable weights.

    Parameters
    ----------
    template
        Unitary circuit with at least one parameter that is a feature. It is copied. Angles may be
        expressions of parameters; features are in the order of ``template.parameters`` (by name,
        elements of a `qiskit.circuit.ParameterVector` by index).
    trainable
        Parameters and vectors of parameters that are weights, in this order. All others are
        features.

    Notes
    -----
    Each different expression becomes one parameter of `circuit`; gates of one's own that depend on
    parameters are replaced by their definitions. Expressions affine in the parameters are one
    matrix product for all rows; others are evaluated row-wise by NumPy. A global phase that depends
    on parameters is dropped, as are barriers and delays.

    *Cost*: that of the circuit; counted, not in closed form.

    Raises
    ------
    ValueError
        If the circuit measures, resets, has control flow or another operation that is not unitary,
        has no feature, or lacks a trainable parameter.
    """

    template: QuantumCircuit
    trainable: tuple[Parameter, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.template, QuantumCircuit):
            raise ValueError(f"template is a {type(self.template).__name__}: a circuit is needed")
        object.__setattr__(self, "template", self.template.copy())
        object.__setattr__(self, "trainable", tuple(_parameters(self.trainable)))
        missing = [w for w in self.trainable if w not in self.template.parameters]
        if missing or len(set(self.trainable)) < len(self.trainable):
            names = [parameter.name for parameter in missing or self.trainable]
            raise ValueError(f"trainable {names}: different parameters of template are needed")
        if not self._features:
            raise ValueError("template has no parameter that is a feature: at least 1 is needed")
        # Refuses what is not unitary before anything is made of it.
        assert self._lifted

    def __hash__(self) -> int:
        return hash((self.template.num_qubits, tuple(self.template.parameters), self.trainable))

    def __repr__(self) -> str:
        names = [parameter.name for parameter in self.trainable]
        return (
            f"CircuitMap(<{self.template.name}: {self.template.num_qubits} qubits, "
            f"{len(self._features)} features>, trainable={names})"
        )

    def qubits(self, features: int) -> int:
        """Return the number of qubits of the circuit."""
        self._require(features)
        return self.template.num_qubits

    def weights(self, features: int) -> int:
        """Return the number of trainable parameters."""
        self._require(features)
        return len(self.trainable)

    def circuit(self, features: int) -> QuantumCircuit:
        """Return the circuit with one plain parameter for each expression."""
        self._require(features)
        return self._lifted.circuit.copy()

    def angles(self, X: ArrayLike, weights: ArrayLike = ()) -> NDArray[np.float64]:
        """Evaluate the expressions, shape ``(N, expressions)``.

        Raises
        ------
        ValueError
            If a shape is wrong, or an entry or an angle is not finite.
        """
        columns = self._columns(X, weights)
        lifted = self._lifted
        stacked = np.column_stack([columns[parameter] for parameter in self._order])
        angles = stacked @ lifted.slopes.T + lifted.constants
        for place, expression in lifted.curved.items():
            angles[:, place] = evaluate(expression, columns)
            if not np.all(np.isfinite(angles[:, place])):
                row = int(np.argmin(np.isfinite(angles[:, place])))
                raise ValueError(f"X: the angle {expression} is not finite for row {row}")
        return angles

    def two_qubit_gates(self, features: int) -> int:
        """Count the CX that the circuit takes, translated gate by gate."""
        translated = transpile(
            self.circuit(features), basis_gates=["cx", "u"], optimization_level=0
        )
        return int(translated.count_ops().get("cx", 0))

    def _require(self, features: int) -> None:
        if features != len(self._features):
            raise ValueError(
                f"features = {features}: the circuit takes {len(self._features)}, its parameters "
                "that are not trainable"
            )

    @cached_property
    def _features(self) -> tuple[Parameter, ...]:
        return tuple(p for p in self.template.parameters if p not in self.trainable)

    @property
    def _order(self) -> tuple[Parameter, ...]:
        return (*self._features, *self.trainable)

    @cached_property
    def _lifted(self) -> _Lifted:
        return _lift(self.template, self._order)

    def _columns(self, X: ArrayLike, weights: ArrayLike) -> Columns:
        data = data_matrix(X)
        given = weight_vector(weights, self.weights(data.shape[1]))
        columns = [*data.T, *(np.full(data.shape[0], weight) for weight in given)]
        return dict(zip(self._order, columns, strict=True))

    def _pulled_back(
        self,
        data: NDArray[np.float64],
        weights: NDArray[np.float64],
        cotangent: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        lifted = self._lifted
        gradient = cotangent.sum(axis=0) @ lifted.slopes[:, data.shape[1] :]
        columns = self._columns(data, weights)
        for place, expression in lifted.curved.items():
            for at, weight in enumerate(self.trainable):
                if weight in expression.parameters:
                    gradient[at] += cotangent[:, place] @ derivative(expression, weight, columns)
        return gradient


@dataclass(frozen=True)
class _Lifted:
    """A circuit of plain parameters, and what they are."""

    circuit: QuantumCircuit
    slopes: NDArray[np.float64]
    """Shape ``(P, features + weights)``; zero for those that are not affine."""
    constants: NDArray[np.float64]
    curved: dict[int, ParameterExpression]


def _lift(template: QuantumCircuit, order: tuple[Parameter, ...]) -> _Lifted:
    steps = list(_flattened(template, list(range(template.num_qubits))))
    found = (angle for step, _ in steps for angle in step.params if _is_open(angle))
    expressions = {expression: place for place, expression in enumerate(dict.fromkeys(found))}
    angle = ParameterVector("angle", len(expressions))
    circuit = QuantumCircuit(template.num_qubits, name=template.name)
    if not _is_open(template.global_phase):
        circuit.global_phase = float(template.global_phase)
    for step, qubits in steps:
        if any(map(_is_open, step.params)):
            step = step.to_mutable()
            step.params = [angle[expressions[p]] if _is_open(p) else float(p) for p in step.params]
        circuit.append(step, qubits)
    slopes, constants = np.zeros((len(expressions), len(order))), np.zeros(len(expressions))
    curved = {}
    for expression, place in expressions.items():
        form = affine_form(expression, order)
        if form is None:
            curved[place] = expression
            evaluate(expression, {parameter: np.zeros(1) for parameter in order})
        else:
            slopes[place], constants[place] = form
    return _Lifted(circuit, slopes, constants, curved)


def _flattened(circuit: QuantumCircuit, qubits: list[int]) -> Iterator[_Step]:
    """Go through the gates; those that are not standard but depend on parameters, by definition."""
    for gate in circuit.data:
        step = gate.operation
        at = [qubits[circuit.find_bit(qubit).index] for qubit in gate.qubits]
        if isinstance(step, Barrier | Delay):
            continue
        name = getattr(step, "name", type(step).__name__)
        standard = _STANDARD.get(name)
        if isinstance(step, Gate) and (
            (standard is not None and isinstance(step, standard))
            or not any(map(_is_open, step.params))
        ):
            yield step, at
        elif _is_unitary(step) and step.definition is not None:
            yield from _flattened(step.definition, at)
        else:
            raise ValueError(
                f"template contains {name!r}: only unitary gates are accepted, no measurement, "
                "reset, initialisation or control flow"
            )


def _is_unitary(step: Any) -> bool:
    """Tell what may be looked into; measurement and reset have no definition."""
    return isinstance(step, Instruction) and not isinstance(step, ControlFlowOp | Initialize)


def _is_open(angle: object) -> bool:
    return isinstance(angle, ParameterExpression) and bool(angle.parameters)


def _parameters(given: Any) -> Iterator[Parameter]:
    """Go through parameters, vectors of them and sequences of either."""
    if isinstance(given, Parameter):
        yield given
    elif isinstance(given, Iterable) and not isinstance(given, str):
        for part in given:
            yield from _parameters(part)
    else:
        raise ValueError(f"trainable: {given!r} is neither a parameter nor a vector of them")
