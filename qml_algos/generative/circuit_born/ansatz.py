"""Circuits of a Born machine: their gates, and angles to start from."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qiskit import QuantumCircuit

from circuits.ansatz import hardware_efficient_ansatz
from circuits.rotation_network import Gate, rotation_network
from qml_algos.errors import InvalidProblemError
from qml_algos.generative.circuit_born.network import mps_network

Floats = NDArray[np.float64]
LAYOUTS = ("brick-wall", "staircase")
"""Of gates on two neighbours, each any rotation of their four real amplitudes."""
ANSATZE = (*LAYOUTS, "hardware-efficient")


def random_circuit(
    ansatz: str, qubits: int, layers: int, generator: np.random.Generator
) -> tuple[QuantumCircuit, Floats]:
    """Return a circuit of `ANSATZE`, and random angles.

    Parameters
    ----------
    ansatz
        Its name.
    qubits, layers
        Numbers of them.
    generator
        Draws the angles, of all values with equal probability.
    """
    if ansatz == "hardware-efficient":
        circuit = hardware_efficient_ansatz(qubits, layers)
    else:
        circuit, _ = rotation_network(qubits, identities(ansatz, range(qubits), layers))
    return circuit, random_angles(circuit, generator)


def random_angles(circuit: QuantumCircuit, generator: np.random.Generator) -> Floats:
    """Return angles of all values, with equal probability, for each parameter."""
    return generator.uniform(-np.pi, np.pi, circuit.num_parameters)


def extended_mps(
    cores: Sequence[NDArray[Any]],
    order: NDArray[np.intp],
    rounds: int,
    layout: str,
    layers: int,
) -> tuple[QuantumCircuit, Floats]:
    """Approximate a matrix product state by gates, and add gates that are the identity as yet.

    Parameters
    ----------
    cores
        Shape ``(left bond, 2, right bond)``, real.
    order
        The qubit of each core.
    rounds
        Of `mps_network`, about as many gates for each pair of neighbours.
    layout, layers
        Of the gates that are added.

    Raises
    ------
    InvalidProblemError
        If the state is not real.

    References
    ----------
    M. S. Rudolph, J. Miller, D. Motlagh, J. Chen, A. Acharya, A. Perdomo-Ortiz, Nat. Commun. 14,
    8367 (2023), arXiv:2208.13673.
    """
    if any(map(np.iscomplexobj, cores)):
        raise InvalidProblemError("start has complex amplitudes: real ones are needed")
    if len(cores) == 1:
        # A rotation of the only qubit, there being no pair.
        circuit, _ = rotation_network(1, [])
        amplitudes = np.ravel(cores[0])
        return circuit, np.array([2 * np.arctan2(amplitudes[1], amplitudes[0])])
    network = mps_network(cores, rounds)
    gates = [(int(order[a]), int(order[b]), gate) for a, b, gate in network.sequence()]
    return rotation_network(len(order), [*gates, *identities(layout, order, layers)])


def identities(layout: str, order: Sequence[int] | NDArray[np.intp], layers: int) -> list[Gate]:
    """Place gates, identities so far, in layers on qubits that follow each other in an order.

    A layer of a staircase has a gate on each pair of neighbours in turn, one of a brick wall first
    those on even pairs, then those on odd ones.
    """
    pairs = list(itertools.pairwise(map(int, order)))
    if layout == "brick-wall":
        pairs = pairs[::2] + pairs[1::2]
    return [(a, b, np.eye(4)) for a, b in pairs] * layers
