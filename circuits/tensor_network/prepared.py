"""A circuit that prepares a matrix product state, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray
from qiskit import QuantumCircuit, transpile
from qiskit.transpiler import Target

from circuits.matrix_product_state import mps_inner_product, mps_preparation
from circuits.tensor_network.environments import environments
from circuits.tensor_network.gate_network import GateNetwork

Matrix = NDArray[Any]
Compiler = Callable[[QuantumCircuit], QuantumCircuit]
"""What a circuit becomes before its two-qubit gates are counted."""

Method = Literal["sequential", "network", "log-depth"]

_TRANSPILER_SEED = 0


@dataclass(frozen=True)
class PreparedMPS:
    """Circuit that prepares a matrix product state from ``|0...0>``.

    Attributes
    ----------
    circuit
        One qubit for each site, site 0 the most significant; not transpiled.
    fidelity
        Squared overlap with the state asked for, computed from the tensors.
    method
        ``"sequential"``: one isometry for each site, of the state or of a truncated one, by
        closed formulas. ``"network"``: two-qubit gates found numerically, in windows that move
        along the sites. ``"log-depth"``: a wall of gates on neighbours found numerically, of a
        depth that does not grow with the number of sites but by its logarithm.
    two_qubit_gates
        Of the circuit, or of what it is transpiled to if a target was given.
    two_qubit_depth
        Layers of these gates.
    tensors
        What the circuit prepares, as arrays ``(left bond, 2, right bond)``, normalised.
    """

    circuit: QuantumCircuit
    fidelity: float
    method: Method
    two_qubit_gates: int
    two_qubit_depth: int
    tensors: tuple[Matrix, ...]


def prepared_by_network(
    state: Sequence[Matrix], network: GateNetwork, method: Method, compiled: Compiler
) -> PreparedMPS:
    """Write a network as a circuit and compare it with a normalised state."""
    fidelity = abs(environments(network, state).overlap) ** 2
    return _prepared(network.circuit(), fidelity, method, compiled, network.tensors())


def prepared_site_by_site(
    state: Sequence[Matrix], truncated: Sequence[Matrix], compiled: Compiler
) -> PreparedMPS:
    """Prepare a truncated state by closed formulas and compare it with the normalised whole."""
    fidelity = abs(mps_inner_product(state, truncated)) ** 2
    return _prepared(mps_preparation(truncated), fidelity, "sequential", compiled, truncated)


def compiler(target: Target | None) -> Compiler:
    """Transpile for a device, or leave circuits as they are."""

    def compiled(circuit: QuantumCircuit) -> QuantumCircuit:
        if target is None:
            return circuit
        transpiled: QuantumCircuit = transpile(
            circuit, target=target, optimization_level=2, seed_transpiler=_TRANSPILER_SEED
        )
        return transpiled

    return compiled


def _prepared(
    circuit: QuantumCircuit,
    fidelity: float,
    method: Method,
    compiled: Compiler,
    tensors: Sequence[Matrix],
) -> PreparedMPS:
    run = compiled(circuit)
    depth = run.depth(lambda item: item.operation.num_qubits > 1)
    gates = int(run.num_nonlocal_gates())
    return PreparedMPS(circuit, min(1.0, fidelity), method, gates, depth, tuple(tensors))
