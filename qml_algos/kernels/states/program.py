"""Circuits compiled for simulating many rows of angles at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from qiskit import QuantumCircuit

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.kernels.states.basis import BasisPermutation
from qml_algos.kernels.states.dense import DenseGate
from qml_algos.kernels.states.gates import Constant, elementary_gates
from qml_algos.kernels.states.linear_forms import LinearForm
from qml_algos.kernels.states.local import BoundLocal, LocalLayer
from qml_algos.kernels.states.phases import PhasePolynomial
from qml_algos.kernels.states.schedule import Block, LocalBlock, PhaseBlock, Schedule
from qml_algos.kernels.states.scratch import Scratch
from qml_algos.validation import numeric_array, require_finite

_CHUNK = 2**16
"""Amplitudes simulated at a time: about what stays in a processor's cache."""

_BATCH = 256
"""Rows whose small matrices and sines are computed at a time."""


class _Operator(Protocol):
    def rows(self, chosen: slice) -> _Operator: ...
    def apply(self, states: NDArray[Any]) -> NDArray[Any]: ...
    def adjoint(self, states: NDArray[Any]) -> NDArray[Any]: ...


_Layer = LocalLayer | PhasePolynomial | BasisPermutation | DenseGate


@dataclass(frozen=True, eq=False)
class StateProgram:
    """A circuit, ready to be simulated for many rows of angles.

    Attributes
    ----------
    qubits
        Number of qubits, n.
    parameters
        Number of parameters, P.
    layers
        What is applied, one after the other; equal layers are the same object, computed once.
    """

    qubits: int
    parameters: int
    layers: Sequence[_Layer] = field(repr=False)

    def states(self, angles: ArrayLike, dtype: DTypeLike = np.complex128) -> NDArray[Any]:
        """Simulate.

        Parameters
        ----------
        angles
            Shape ``(N, P)``, radians, in the order of ``circuit.parameters``.
        dtype
            ``complex128``, or ``complex64``: half the memory, two thirds of the time, and errors of
            about 1e-6.

        Returns
        -------
        NDArray
            Shape ``(N, 2**n)``, a state in each row, qubit 0 the least significant bit; up to one
            global phase a row. Beside it, a few times 1 MiB or one state is needed.

        Raises
        ------
        InvalidProblemError
            If angles are of another shape, not real or not finite.
        TooLargeError
            If the states need more memory than this machine has.
        """
        given = self._checked(angles)
        kind = _complex(dtype)
        _require_memory(len(given), self.qubits, kind.itemsize)
        states = np.empty((len(given), 2**self.qubits), dtype=kind)
        scratch = Scratch()
        for batch in _slices(len(given), max(self._chunk, _BATCH)):
            bound = self._bound(given[batch], kind, scratch)
            part = states[batch]
            for chunk in _slices(len(part), self._chunk):
                operators = {layer: whole.rows(chunk) for layer, whole in bound.items()}
                evolution = self._evolution(operators, kind)
                part[chunk] = deque(chain([self._zero(kind)], evolution), maxlen=1).pop()
        return states

    def pullback(self, angles: ArrayLike, cotangents: ArrayLike) -> NDArray[np.float64]:
        r"""Carry a gradient from the states back to the angles, in reverse mode.

        Takes two to four times as long as `states`, however many parameters there are.

        Parameters
        ----------
        angles
            Shape ``(N, P)``.
        cotangents
            Shape ``(N, 2**n)``: :math:`dL/d\mathrm{Re}\,\psi + i\, dL/d\mathrm{Im}\,\psi` of a
            loss that does not depend on the states' global phases.

        Returns
        -------
        NDArray[np.float64]
            Shape ``(N, P)``: dL/dangles. Beside it, a state is held for each layer, of as many
            rows as stay in the cache, or one.

        Raises
        ------
        InvalidProblemError
            If a shape is wrong or an entry is not finite.
        """
        given = self._checked(angles)
        left = np.asarray(cotangents, dtype=np.complex128)
        if left.shape != (len(given), 2**self.qubits):
            raise InvalidProblemError(
                f"cotangents have shape {left.shape}: {(len(given), 2**self.qubits)} is needed"
            )
        require_finite(left, "cotangents")
        gradient = np.zeros(given.shape)
        scratch = Scratch()
        for batch in _slices(len(given), max(self._chunk, _BATCH)):
            gradient[batch] = self._pulled_back(given[batch], left[batch], scratch)
        return gradient

    def _pulled_back(
        self, angles: NDArray[np.float64], left: NDArray[np.complex128], scratch: Scratch
    ) -> NDArray[np.float64]:
        bound = self._bound(angles, left.dtype, scratch)
        raw = [
            np.concatenate(parts)
            for parts in zip(
                *(
                    self._raw(bound, chunk, left, scratch)
                    for chunk in _slices(len(left), self._chunk)
                ),
                strict=True,
            )
        ]
        gradient = np.zeros(angles.shape)
        for layer, derivatives in zip(self._parameterised, raw, strict=True):
            gradient += layer.pullback(angles, derivatives)
        return gradient

    def _raw(
        self,
        bound: dict[_Layer, _Operator],
        chunk: slice,
        left: NDArray[np.complex128],
        scratch: Scratch,
    ) -> list[NDArray[np.float64]]:
        """Return derivatives by what each layer with parameters turns by, for a chunk of rows."""
        operators = {layer: whole.rows(chunk) for layer, whole in bound.items()}
        after = list(self._evolution(operators, left.dtype))
        raw: dict[_Layer, NDArray[np.float64]] = {}
        current = left[chunk]
        first = self.layers.index(self._parameterised[0]) if self._parameterised else 0
        for place in reversed(range(first, len(self.layers))):
            layer = self.layers[place]
            if isinstance(layer, LocalLayer | PhasePolynomial) and layer.parameterised:
                part = layer.raw_derivatives(current, after[place], scratch)
                raw[layer] = raw[layer] + part if layer in raw else part
            if place > first:
                current = operators[layer].adjoint(current)
        return [raw[layer] for layer in self._parameterised]

    @cached_property
    def _parameterised(self) -> list[LocalLayer | PhasePolynomial]:
        """Different layers with parameters, in order."""
        return [
            layer
            for layer in dict.fromkeys(self.layers)
            if isinstance(layer, LocalLayer | PhasePolynomial) and layer.parameterised
        ]

    def _bound(
        self, angles: NDArray[np.float64], dtype: np.dtype[Any], scratch: Scratch
    ) -> dict[_Layer, _Operator]:
        return {layer: layer.bind(angles, dtype, scratch) for layer in dict.fromkeys(self.layers)}

    def _evolution(
        self, operators: Mapping[_Layer, _Operator], dtype: np.dtype[Any]
    ) -> Iterator[NDArray[Any]]:
        """States after each layer, of one row as long as all rows are the same."""
        states = None
        for layer in self.layers:
            operator = operators[layer]
            if states is None and isinstance(operator, BoundLocal):
                states = operator.product_state(dtype)
            else:
                states = operator.apply(self._zero(dtype) if states is None else states)
            yield states

    def _zero(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        zero = np.zeros((1, 2**self.qubits), dtype=dtype)
        zero[0, 0] = 1
        return zero

    @property
    def _chunk(self) -> int:
        return max(1, _CHUNK >> self.qubits)

    def _checked(self, angles: ArrayLike) -> NDArray[np.float64]:
        given = numeric_array(angles, "angles")
        if given.ndim != 2 or given.shape[1] != self.parameters or given.dtype.kind != "f":
            raise InvalidProblemError(
                f"angles have shape {given.shape} and type {given.dtype}: real numbers of shape "
                f"(rows, {self.parameters}) are needed"
            )
        return np.asarray(given, dtype=np.float64)


def state_program(circuit: QuantumCircuit) -> StateProgram:
    """Compile a circuit for simulation.

    Runs of diagonal gates, CX, SWAP and X become one phase polynomial and one permutation of the
    basis states; gates on single qubits between them are fused, one matrix for each qubit and row,
    applied to four qubits at a time. A row takes about ``n * 2**(n + 5)`` floating-point operations
    for each layer of gates on single qubits, and up to ``n * 2**(n + 2)``, mostly ``2**(n + 4)``,
    for each phase polynomial.

    Parameters
    ----------
    circuit
        Of unitary gates, without measurements. Angles are linear in its parameters.

    Returns
    -------
    StateProgram
        Parameters are in the order of ``circuit.parameters``.

    Raises
    ------
    UnsupportedCircuitError
        If an instruction cannot be simulated; it is named.
    InvalidProblemError
        If the circuit has no qubits.
    TooLargeError
        If one state needs more memory than this machine has.
    """
    qubits, parameters = circuit.num_qubits, circuit.num_parameters
    if not qubits:
        raise InvalidProblemError("circuit has no qubits: at least one is needed")
    _require_memory(1, qubits, 16)
    blocks = Schedule(elementary_gates(circuit), qubits).blocks
    known: dict[Hashable, _Layer] = {}
    layers = [
        known.setdefault(key, layer)
        for block in blocks
        for key, layer in _layers(block, qubits, parameters)
    ]
    return StateProgram(qubits, parameters, tuple(layers))


def _layers(block: Block, qubits: int, parameters: int) -> Iterator[tuple[Hashable, _Layer]]:
    """Layers of a block, each with a key that equal layers share."""
    if isinstance(block, LocalBlock):
        if any(block.chains.values()):
            yield object(), LocalLayer(block.chains, qubits, parameters)
    elif isinstance(block, Constant):
        yield object(), DenseGate(block.matrix, block.qubits, qubits)
    else:
        yield from _monomial_layers(block, qubits, parameters)


def _monomial_layers(
    block: PhaseBlock, qubits: int, parameters: int
) -> Iterator[tuple[Hashable, _Layer]]:
    affine = tuple(block.rows), tuple(block.flips)
    moves = affine != (tuple(1 << q for q in range(qubits)), (0,) * qubits)
    permutation = [(affine, BasisPermutation(*affine))] if moves else []
    before, after = block.terms, block.phases_last()
    # Parities of few bits take the fewest multiplications.
    last = _weight(after) < _weight(before)
    chosen = sorted((after if last else before).items())
    # A phase that all basis states share is a global one.
    terms = tuple((mask, angle) for mask, angle in chosen if mask and angle != LinearForm())
    phases = [(terms, PhasePolynomial(terms, qubits, parameters))] if terms else []
    yield from permutation + phases if last else phases + permutation


def _weight(masks: Iterable[int]) -> int:
    return sum(mask.bit_count() for mask in masks)


def _slices(rows: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


def _complex(dtype: DTypeLike) -> np.dtype[Any]:
    kind = np.dtype(dtype)
    if kind not in (np.complex64, np.complex128):
        raise ValueError(f"dtype = {kind}: states are complex64 or complex128")
    return kind


def _require_memory(rows: int, qubits: int, itemsize: int) -> None:
    needed = rows * itemsize * 2**qubits
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if needed > available:
        raise TooLargeError(
            f"{rows} states of {qubits} qubits need {needed / 2**30:,.1f} GiB of memory; this "
            f"machine has {available / 2**30:,.1f} GiB"
        )
