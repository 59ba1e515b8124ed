"""Binary trees whose leaves are variables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Edge = tuple[int, int]
"""Two neighbouring nodes: from, to."""

LEAST_LEAVES = 4
"""With fewer there is no edge between two inner nodes, and nothing for a sweep to cross."""


@dataclass(frozen=True)
class Tree:
    """A binary tree, seen without its root, so that each inner node has three neighbours.

    The two nodes below the root are neighbours of each other. That with the larger number is the
    *top*: all others are below it. It is the last of the inner nodes.

    Attributes
    ----------
    children
        Of the rooted tree, as in the linkage matrices of SciPy: the leaves are numbered 0 to
        ``n - 1``, row k holds the two nodes below node ``n + k``, each node comes after those
        below it, and the last row is the root. At least three rows.
    """

    children: tuple[Edge, ...]

    @property
    def leaves(self) -> int:
        """Number of leaves."""
        return len(self.children) + 1

    @property
    def top(self) -> int:
        """Number of the top node."""
        return 2 * self.leaves - 3

    @property
    def inner(self) -> range:
        """Numbers of the inner nodes, each after those below it."""
        return range(self.leaves, self.top + 1)

    @cached_property
    def legs(self) -> dict[int, tuple[int, int, int]]:
        """Neighbours of each inner node: two below and the one above; of the top, three below."""
        above = {min(self.children[-1]): self.top, self.top: min(self.children[-1])}
        rows = dict(zip(self.inner, self.children[:-1], strict=True))
        above |= {below: node for node, pair in rows.items() for below in pair}
        return {node: (*pair, above[node]) for node, pair in rows.items()}

    def below(self, node: int) -> tuple[int, ...]:
        """Neighbours of an inner node but for the one above it."""
        return self.legs[node][: 3 if node == self.top else 2]

    def others(self, edge: Edge) -> tuple[int, int]:
        """Return the neighbours of the node that an edge starts from, but for its end."""
        first, second = (leg for leg in self.legs[edge[0]] if leg != edge[1])
        return first, second

    @cached_property
    def tour(self) -> tuple[Edge, ...]:
        """Round trip from the top that crosses each edge of two inner nodes down and up."""
        steps: list[Edge] = []
        waiting = self._descents(self.top)
        while waiting:
            (here, there), down = waiting.pop()
            steps.append((here, there))
            if down:
                waiting += [((there, here), False), *self._descents(there)]
        return tuple(steps)

    @cached_property
    def order(self) -> NDArray[np.intp]:
        """The leaves from left to right: those below any node are neighbours."""
        found: list[int] = []
        waiting = list(self.children[-1][::-1])
        while waiting:
            node = waiting.pop()
            if node < self.leaves:
                found.append(node)
            else:
                waiting += self.children[node - self.leaves][::-1]
        return np.array(found)

    def _descents(self, node: int) -> list[tuple[Edge, bool]]:
        return [((node, leg), True) for leg in self.below(node)[::-1] if leg >= self.leaves]
