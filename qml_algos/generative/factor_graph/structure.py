"""Everything of a model but its matrices, and the matrices from parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.generative.factor_graph.checks import Edges, checked_edges, checked_qubits
from qml_algos.generative.factor_graph.parametrisation import (
    bounds,
    free_parameters,
    matrices_and_slopes,
    random_parameters,
)
from qml_algos.generative.factor_graph.state import QuantumGenerativeState

Floats = NDArray[np.float64]
Array = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Structure:
    """A graph with the parts of its qubits.

    Attributes
    ----------
    edges, visible, conditioned
        As in `QuantumGenerativeState`.
    free
        Which parameters change the distribution, shape ``(m, 5)``; values of these, in one row, are
        what methods take and return.
    """

    edges: Edges
    visible: tuple[int, ...]
    conditioned: tuple[int, ...]
    free: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        graph: Sequence[Sequence[int]],
        visible: Sequence[int],
        conditioned: Sequence[int] = (),
        n_qubits: int | None = None,
    ) -> Self:
        """Check a graph and the parts of its qubits.

        Parameters
        ----------
        graph, visible, conditioned
            As in `QuantumGenerativeState`.
        n_qubits
            ``None`` for as many as are mentioned.

        Raises
        ------
        InvalidProblemError
            If the graph has loops, double edges or no such qubits, or a qubit has two parts.
        """
        edges = checked_edges(graph, n_qubits)
        mentioned = [*visible, *conditioned, *(end for edge in edges for end in edge)]
        qubits = n_qubits
        if qubits is None:
            whole = (int(end) for end in mentioned if isinstance(end, int | np.integer))
            qubits = 1 + max(whole, default=0)
        seen = checked_qubits("visible", visible, qubits)
        fixed = checked_qubits("conditioned", conditioned, qubits)
        # The state checks what is left: that the two are disjoint, and that one is visible.
        trial = QuantumGenerativeState(edges, np.array([np.eye(2)] * qubits), seen, fixed)
        return cls(edges, seen, fixed, free_parameters(qubits, trial.hidden))

    @classmethod
    def chain(cls, variables: int) -> Self:
        """Return a chain of visible qubits, with a hidden one between each two neighbours."""
        last = 2 * variables - 1
        return cls.of([(i, i + 1) for i in range(last - 1)], range(0, last, 2), n_qubits=last)

    def random_values(self, generator: np.random.Generator, condition_number: float) -> Floats:
        """Draw values, as `random_parameters`."""
        return random_parameters(generator, self.free, condition_number)[self.free]

    def bounds(self, condition_number: float) -> Floats:
        """Return the least and the most of each value, shape ``(P, 2)``."""
        return np.array(bounds(self.free, condition_number))

    def state(self, values: Floats) -> QuantumGenerativeState:
        """Return the state of some values."""
        return self.state_and_slopes(values)[0]

    def state_and_slopes(self, values: Floats) -> tuple[QuantumGenerativeState, Array]:
        """Return also the derivatives of the matrices by all five parameters: ``(m, 5, 2, 2)``."""
        parameters = np.zeros(self.free.shape)
        parameters[self.free] = values
        matrices, slopes = matrices_and_slopes(parameters)
        state = QuantumGenerativeState(self.edges, matrices, self.visible, self.conditioned)
        return state, slopes


def structure_for(
    variables: int,
    graph: Sequence[Sequence[int]] | None,
    visible: Sequence[int] | None,
    conditioned: Sequence[int],
    n_qubits: int | None,
) -> Structure:
    """Return the structure for data of some variables.

    Parameters
    ----------
    variables
        Columns of the data.
    graph
        ``None`` for `Structure.chain`.
    visible
        ``None`` for the first qubits of the graph.
    conditioned, n_qubits
        As in `Structure.of`.

    Raises
    ------
    InvalidProblemError
        As `Structure.of`; if there are not as many visible qubits as variables, or qubits are named
        without a graph.
    """
    if graph is None:
        if visible is not None or len(conditioned) or n_qubits is not None:
            raise InvalidProblemError(
                "graph = None makes a chain of its own; visible, conditioned and n_qubits need a "
                "graph to belong to"
            )
        return Structure.chain(variables)
    chosen = range(variables) if visible is None else visible
    found = Structure.of(graph, chosen, conditioned, n_qubits)
    if len(found.visible) != variables:
        raise InvalidProblemError(
            f"X has shape (samples, {variables}): the model has {len(found.visible)} visible "
            "qubits, and a column is needed for each"
        )
    return found
