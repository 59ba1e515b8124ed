"""Classical bits of a circuit as Boolean functions of what its measurements gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Signal = int
"""A bit that is computed: the index of a node of `Logic`."""

Bit = Any
"""The value 0 or 1, or an integer array of these, one for each shot."""

FALSE: Signal = 0
TRUE: Signal = 1


class Logic:
    """A network of and, exclusive or, and not over the outcomes of measurements.

    Nodes only refer to earlier ones, so one pass evaluates them, and equal nodes are one. What
    does not depend on any outcome is folded into `FALSE` or `TRUE`: a condition on a bit that is
    never written costs nothing.
    """

    def __init__(self) -> None:
        self._nodes: list[tuple[str, Signal, Signal]] = [("false", 0, 0), ("true", 0, 0)]
        self._index = {node: signal for signal, node in enumerate(self._nodes)}

    def outcome(self, number: int) -> Signal:
        """Add what measurement ``number`` gave."""
        return self._add("outcome", number, 0)

    def invert(self, a: Signal) -> Signal:
        """Add the inverse."""
        return self.differ(a, TRUE)

    def both(self, a: Signal, b: Signal) -> Signal:
        """Add the conjunction of two."""
        low, high = sorted((a, b))
        if low in (FALSE, high):
            return low
        return high if low == TRUE else self._add("and", low, high)

    def differ(self, a: Signal, b: Signal) -> Signal:
        """Add whether two differ."""
        low, high = sorted((a, b))
        if low == high:
            return FALSE
        if low == FALSE:
            return high
        kind, first, second = self._nodes[high]
        if (low, kind, first) == (TRUE, "xor", TRUE):
            return second  # twice inverted
        return self._add("xor", low, high)

    def either(self, a: Signal, b: Signal) -> Signal:
        """Add the disjunction of two."""
        return self.invert(self.both(self.invert(a), self.invert(b)))

    def choose(self, condition: Signal, a: Signal, b: Signal) -> Signal:
        """Add what is a where the condition holds, and b elsewhere."""
        return self.either(self.both(condition, a), self.both(self.invert(condition), b))

    def all(self, signals: Iterable[Signal]) -> Signal:
        """Add whether all hold; `TRUE` of none."""
        result = TRUE
        for signal in signals:
            result = self.both(result, signal)
        return result

    def any(self, signals: Iterable[Signal]) -> Signal:
        """Add whether one holds; `FALSE` of none."""
        return self.invert(self.all([self.invert(signal) for signal in signals]))

    def equal(self, a: Sequence[Signal], b: Sequence[Signal]) -> Signal:
        """Add whether two numbers, least significant bit first, are the same."""
        pairs = zip(*_same_width(a, b), strict=True)
        return self.all([self.invert(self.differ(left, right)) for left, right in pairs])

    def less(self, a: Sequence[Signal], b: Sequence[Signal]) -> Signal:
        """Add whether one number is below another."""
        result = FALSE
        for left, right in zip(*_same_width(a, b), strict=True):
            # The more significant bit decides unless both have the same.
            result = self.choose(self.differ(left, right), right, result)
        return result

    def outcomes(self, signals: Iterable[Signal]) -> list[int]:
        """Find which measurements some signals depend on, in ascending order."""
        nodes = (self._nodes[signal] for signal in self._cone(signals))
        return sorted(number for kind, number, _ in nodes if kind == "outcome")

    def evaluate(self, signals: Sequence[Signal], outcomes: Mapping[int, Bit]) -> list[Bit]:
        """Compute signals.

        Parameters
        ----------
        signals
            What to compute.
        outcomes
            What the measurements gave that these depend on: integers, or arrays of an integer type.

        Returns
        -------
        list
            A value for each signal; what does not depend on any outcome is an integer.
        """
        values: dict[Signal, Bit] = {FALSE: 0, TRUE: 1}
        for signal in self._cone(signals):
            kind, a, b = self._nodes[signal]
            if kind == "outcome":
                values[signal] = outcomes[a]
            elif kind == "and":
                values[signal] = values[a] & values[b]
            elif kind == "xor":
                values[signal] = values[a] ^ values[b]
        return [values[signal] for signal in signals]

    def _cone(self, signals: Iterable[Signal]) -> list[Signal]:
        """All nodes that some depend on, these included, in an order in which to compute them."""
        found: set[Signal] = set()
        waiting = list(signals)
        while waiting:
            signal = waiting.pop()
            if signal in found:
                continue
            found.add(signal)
            kind, a, b = self._nodes[signal]
            if kind in ("and", "xor"):
                waiting += [a, b]
        return sorted(found)

    def _add(self, kind: str, a: int, b: int) -> Signal:
        node = (kind, a, b)
        if node not in self._index:
            self._index[node] = len(self._nodes)
            self._nodes.append(node)
        return self._index[node]


def constant(value: int, width: int) -> list[Signal]:
    """Bits of a number, least significant first."""
    return [TRUE if value >> place & 1 else FALSE for place in range(width)]


def _same_width(a: Sequence[Signal], b: Sequence[Signal]) -> tuple[list[Signal], list[Signal]]:
    width = max(len(a), len(b))
    return widened(a, width), widened(b, width)


def widened(bits: Sequence[Signal], width: int) -> list[Signal]:
    """Bits of the same number in ``width`` bits; those above are cut."""
    return [*bits, *[FALSE] * (width - len(bits))][:width]
