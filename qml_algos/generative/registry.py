"""Density estimators by name: quantum models, and the classical ones of `CLASSICAL`."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from qml_algos.errors import UnknownNameError, UnsuitableSolverError
from qml_algos.generative.classical import CLASSICAL, ChowLiuTree
from qml_algos.generative.data.problem import DensityProblem
from qml_algos.lazy import LazyMapping

QUANTUM = LazyMapping(
    {
        "mps": "qml_algos.generative.mps_born_machine:MPSBornMachine",
        "ttn": "qml_algos.generative.ttn_born_machine:TTNBornMachine",
        "factor-graph": "qml_algos.generative.factor_graph.estimator:FactorGraphGenerativeModel",
        "iqp": "qml_algos.generative.iqp_born_machine:IQPBornMachine",
        "circuit": "qml_algos.generative.circuit_born_machine:CircuitBornMachine",
    }
)
"""Models whose probabilities are those of measuring a state."""

MODELS = (*QUANTUM, *CLASSICAL)
"""All names."""

BONDED = ("mps", "ttn", "circuit")
"""Models whose bonds have a dimension: tensor networks, and the circuit that starts from one."""

RUNNABLE = ("mps", "factor-graph", "iqp", "circuit")
"""Models of which circuits are made."""

APPROXIMATED = ("mps",)
"""Models whose circuits may be shortened to a fidelity below 1."""

DEFAULT_BOND_DIMENSION = 16

_BINARY_ONLY = ("factor-graph", "iqp", "circuit", "made", "rbm")
_RESTARTS = 2
"""Of factor-graph models: one tree-shaped model takes seconds."""


def make_model(
    name: str,
    problem: DensityProblem,
    *,
    bond_dimension: int = DEFAULT_BOND_DIMENSION,
    random_state: int | np.random.Generator | None = None,
    verbose: bool = False,
) -> Any:
    """Make an unfitted density estimator for data.

    Parameters
    ----------
    name
        Of `QUANTUM` or `CLASSICAL`.
    problem
        Gives the categories and the shape of pictures. Of ``"factor-graph"`` also the graph: each
        pair of neighbours in the Chow-Liu tree of the training samples is joined by a conditioned
        qubit, so that the model can be that tree, or better.
    bond_dimension
        Of tensor networks, at most; ``"circuit"`` starts from such a matrix product state.
    random_state, verbose
        Of estimators that have them.

    Raises
    ------
    UnknownNameError
        If there is no such model; the message lists the known ones.
    UnsuitableSolverError
        If it takes bits only, and the data are none.
    """
    if name not in MODELS:
        raise UnknownNameError("model", name, MODELS)
    if name in _BINARY_ONLY and not problem.binary:
        raise UnsuitableSolverError(
            f"{name} takes bits only: {problem.name} has a variable of {max(problem.categories)} "
            f"categories; use {', '.join(each for each in MODELS if each not in _BINARY_ONLY)}"
        )
    maker = QUANTUM[name] if name in QUANTUM else CLASSICAL[name]
    offered = {
        "n_categories": problem.categories,
        "bond_dimension": bond_dimension,
        "random_state": random_state,
        "shape": problem.train.shape,
        "verbose": verbose,
    }
    known = inspect.signature(maker).parameters
    options = {key: value for key, value in offered.items() if key in known}
    if name == "factor-graph":
        options |= _tree_of_links(problem)
    if name == "circuit":
        options["start"] = make_model(
            "mps", problem, bond_dimension=bond_dimension, random_state=random_state
        )
    return maker(**options)


def _tree_of_links(problem: DensityProblem) -> dict[str, Any]:
    variables = problem.variables
    parents = ChowLiuTree(n_categories=2).fit(problem.train.X).parents_
    children = np.flatnonzero(parents >= 0)
    links = range(variables, variables + len(children))
    edges = [
        (int(end), link)
        for link, child in zip(links, children, strict=True)
        for end in (child, parents[child])
    ]
    return {
        "graph": edges,
        "visible": range(variables),
        "conditioned": links,
        "restarts": _RESTARTS,
    }
