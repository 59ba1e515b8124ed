"""Where on a device a circuit for a line of qubits finds its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from qiskit.transpiler import CouplingMap, Target

Edge = tuple[int, int]

_LONGEST_DETOUR = 24
_DETOUR_STEPS = 2000


@dataclass(frozen=True)
class Connectivity:
    """Which qubits of a device may meet, and how badly.

    Parameters
    ----------
    qubits
        Their number.
    errors
        Error of the best two-qubit gate by pair of qubits, the lower one first; 0 where none is
        known. Pairs that are not there do not meet.
    """

    qubits: int
    errors: Mapping[Edge, float]

    @property
    def complete(self) -> bool:
        """Whether any two qubits may meet."""
        return len(self.errors) == self.qubits * (self.qubits - 1) // 2

    def neighbours(self) -> list[list[int]]:
        """Neighbours of each qubit, in ascending order."""
        found: list[list[int]] = [[] for _ in range(self.qubits)]
        for low, high in sorted(self.errors):
            found[low].append(high)
            found[high].append(low)
        return [sorted(near) for near in found]


def connectivity(target: Any) -> Connectivity | None:
    """Read the connectivity of a target; ``None`` if it does not restrict what may meet.

    Parameters
    ----------
    target
        ``None``, a ``qiskit.transpiler.Target``, a ``CouplingMap``, or what has one as its
        attribute ``target`` or ``coupling_map``, such as a backend.

    Raises
    ------
    TypeError
        If it is of another kind.
    """
    described = getattr(target, "target", target)
    if not isinstance(described, Target | CouplingMap | None):
        described = getattr(described, "coupling_map", described)
    if described is None:
        return None
    if isinstance(described, CouplingMap):
        return Connectivity(described.size(), {_edge(*pair): 0.0 for pair in described})
    if isinstance(described, Target):
        if described.build_coupling_map() is None:
            return None
        return Connectivity(described.num_qubits, _errors(described))
    raise TypeError(
        f"target = {target!r}: None, a qiskit Target, a CouplingMap or a backend that has one is "
        "needed"
    )


def find_line(device: Connectivity, n: int) -> tuple[int, ...]:
    """Choose n qubits of a device, each a neighbour of the next.

    A long path is grown from each qubit in turn, those with few neighbours first: towards the
    neighbour that has itself the fewest left (Warnsdorff's rule), from both ends, and by detours
    through free qubits where both are stuck. Of the first that is long enough, the n consecutive
    qubits with the smallest product of errors are taken.

    Parameters
    ----------
    device
        Which qubits may meet.
    n
        Number of qubits, at least 1.

    Returns
    -------
    tuple of int
        Physical qubits in the order of the line.

    Raises
    ------
    ValueError
        If no path of n qubits is found: says how long the longest one is. Finding the longest
        path is NP-hard, and a longer one may exist.
    """
    graph = device.neighbours()
    longest: list[int] = []
    for start in sorted(range(device.qubits), key=lambda qubit: (len(graph[qubit]), qubit)):
        path = _grow(graph, start, n)
        if len(path) > len(longest):
            longest = path
        if len(longest) >= n:
            return _best_stretch(device, longest, n)
    raise ValueError(
        f"n = {n}: the longest line of neighbouring qubits found on the target has {len(longest)} "
        f"of its {device.qubits} qubits"
    )


def _edge(one: int, other: int) -> Edge:
    return (min(one, other), max(one, other))


def _errors(target: Target) -> dict[Edge, float]:
    """Error of the best two-qubit gate by pair; a gate that always fails is none."""
    found: dict[Edge, float] = {}
    for name in target.operation_names:
        for places, properties in (target[name] or {}).items():
            if places is None or len(places) != 2:
                continue
            error = (properties.error if properties else None) or 0.0
            if error < 1:
                pair = _edge(*places)
                found[pair] = min(error, found.get(pair, 1.0))
    return found


def _grow(graph: list[list[int]], start: int, n: int) -> list[int]:
    """Grow a path from a qubit until it has n qubits, or as far as it goes."""
    path, free = [start], set(range(len(graph))) - {start}
    while True:
        for _ in range(2):
            _extend(graph, path, free)
            path.reverse()
        if len(path) >= n or not _detour(graph, path, free):
            return path


def _extend(graph: list[list[int]], path: list[int], free: set[int]) -> None:
    """Go on from the end of a path while a neighbour of it is free."""
    while ahead := [qubit for qubit in graph[path[-1]] if qubit in free]:
        nearest = min(ahead, key=lambda qubit: sum(near in free for near in graph[qubit]))
        path.append(nearest)
        free.remove(nearest)


def _detour(graph: list[list[int]], path: list[int], free: set[int]) -> bool:
    """Replace a stretch of a path, or an end, by a longer one through free qubits, if there is one.

    The path may come out turned round.
    """
    for _ in range(2):
        path.reverse()
        place = {qubit: index for index, qubit in enumerate(path)}
        for index, qubit in enumerate(path):
            way, end = _longer_way(graph, qubit, place, free)
            if way:
                free |= set(path[index + 1 : end])
                free -= set(way)
                path[index + 1 : end] = way
                return True
    return False


def _longer_way(
    graph: list[list[int]], start: int, place: dict[int, int], free: set[int]
) -> tuple[list[int], int]:
    """Search free qubits for a way on from a qubit of a path that is longer than the path.

    Returns the way, empty if a search of limited length finds none, and the place on the path
    where it comes back; the length of the path if it ends elsewhere.
    """
    way: list[int] = []
    choices = [iter(graph[start])]
    for _ in range(_DETOUR_STEPS):
        qubit = next(choices[-1], None)
        if qubit is None:
            choices.pop()
            if not choices:
                break
            way.pop()
        elif way and 0 < place.get(qubit, -1) - place[start] <= len(way):
            return way, place[qubit]
        elif qubit in free and qubit not in way and len(way) < _LONGEST_DETOUR:
            way.append(qubit)
            if len(way) >= len(place) - place[start]:
                return way, len(place)
            choices.append(iter(graph[qubit]))
    return [], len(place)


def _best_stretch(device: Connectivity, path: list[int], n: int) -> tuple[int, ...]:
    """Take the n consecutive qubits of a path whose gates are the best."""
    log_errors = [-np.log1p(-device.errors[_edge(*pair)]) for pair in pairwise(path)]
    sums = np.concatenate([[0.0], np.cumsum(log_errors)])
    start = int(np.argmin(sums[n - 1 :] - sums[: len(sums) - n + 1]))
    return tuple(path[start : start + n])
