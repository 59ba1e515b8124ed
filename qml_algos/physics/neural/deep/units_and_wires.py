"""The growing network of a circuit: units, hidden units between them, and wires of parities."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from qml_algos.physics.neural.deep.machine import DeepBoltzmannMachine
from qml_algos.physics.neural.units import QUARTER, coupling_weight, parity_bias


@dataclass(frozen=True)
class Wire:
    """The value of a qubit: a sign times the product of the spins of some units.

    A wire without units is in the basis state that the sign says.
    """

    units: frozenset[int] = frozenset()
    sign: int = 1

    def times(self, other: Wire) -> Wire:
        """Return the product of two values: the exclusive or of the bits."""
        return Wire(self.units ^ other.units, self.sign * other.sign)


@dataclass
class Network:
    """Units that carry values, and hidden units that join them.

    Attributes
    ----------
    biases
        Of the units.
    hidden
        Weights by unit, and bias, of each hidden unit.
    log_scale
        Logarithm of a factor of all amplitudes.
    """

    biases: list[complex] = field(default_factory=list)
    hidden: list[tuple[dict[int, complex], complex]] = field(default_factory=list)
    log_scale: complex = 0.0

    def unit(self, bias: complex = 0.0) -> int:
        """Add a unit; return its number."""
        self.biases.append(bias)
        return len(self.biases) - 1

    def couple(self, first: int, second: int, coupling: complex) -> None:
        """Multiply by ``exp(coupling * s * t)`` of two units."""
        weight = coupling_weight(coupling)
        self.hidden.append(({first: weight, second: weight}, 0.0))
        self.log_scale -= coupling + np.log(2)

    def bind(self, wire: Wire) -> None:
        """Let only those values pass whose product, times the sign, is +1."""
        bias = parity_bias(len(wire.units), wire.sign)
        self.hidden.append((dict.fromkeys(wire.units, QUARTER), bias))
        for unit in wire.units:
            self.biases[unit] += QUARTER
        self.log_scale += bias - np.log(2)

    def single(self, wire: Wire) -> Wire:
        """Return a wire of one unit that has the same value."""
        if len(wire.units) == 1:
            return wire
        copy = Wire(frozenset([self.unit()]))
        self.bind(wire.times(copy))
        return copy

    def tilt(self, wire: Wire, exponent: complex) -> Wire:
        """Multiply by ``exp(exponent * value)``; return a wire of the same value."""
        if len(wire.units) > 2:
            wire = self.single(wire)
        units, exponent = sorted(wire.units), wire.sign * exponent
        if not units:
            self.log_scale += exponent
        elif len(units) == 1:
            self.biases[units[0]] += exponent
        else:
            self.couple(units[0], units[1], exponent)
        return wire

    def machine(self, wires: list[Wire]) -> DeepBoltzmannMachine:
        """Make the units at the end of the wires visible, and all others deep."""
        visible, turned = self._visible(wires), np.ones(len(self.biases))
        for unit, wire in zip(visible, wires, strict=True):
            if wire.units == {unit}:
                turned[unit] = wire.sign
        deep = sorted(set(range(len(self.biases))).difference(visible))
        weights = np.zeros((len(self.hidden), len(self.biases)), dtype=complex)
        for row, (joined, _) in zip(weights, self.hidden, strict=True):
            row[list(joined)] = list(joined.values())
        weights, biases = weights * turned, np.array(self.biases, dtype=complex) * turned
        hidden = np.array([bias for _, bias in self.hidden], dtype=complex)
        blocks = (weights[:, visible], weights[:, deep], biases[visible], hidden, biases[deep])
        return DeepBoltzmannMachine(*blocks, complex(self.log_scale))

    def _visible(self, wires: list[Wire]) -> list[int]:
        """Choose a unit of its own for each wire, new where another has taken it."""
        visible: list[int] = []
        for wire in wires:
            alone = len(wire.units) == 1 and not wire.units & set(visible)
            unit = min(wire.units) if alone else self.unit()
            if not alone:
                self.bind(wire.times(Wire(frozenset([unit]))))
            visible.append(unit)
        return visible
