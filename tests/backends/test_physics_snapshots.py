"""Snapshots over the loopback service: as few circuits as there are states, bought once."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos.errors import RequestRefusedError
from qml_algos.physics.configurations import numbers_of
from qml_algos.physics.snapshots import make_snapshots

SHOTS = 300
BASES = 5


def ghz_states() -> list[QuantumCircuit]:
    circuits = []
    for flipped in range(2):
        circuit = QuantumCircuit(3)
        circuit.h(0)
        circuit.cx(0, [1, 2])
        if flipped:
            circuit.x(2)
        circuits.append(circuit)
    return circuits


def test_random_bases_are_one_job_which_is_finished_and_found_again(world) -> None:
    """The service simulates without gate noise."""

    def once():
        return make_snapshots(
            ghz_states(), world.open(), SHOTS, bases="random-pauli", bases_count=BASES
        )

    world.server.fail("GET", "/jobs/[^/]+/results", status=400)
    with pytest.raises(RequestRefusedError):
        once()
    assert world.posts == 1
    found = once()
    assert [job.executions for job in world.ledger.jobs()] == [2 * BASES * SHOTS]
    assert len(found.bits) == 2 * BASES * SHOTS
    again = once()
    np.testing.assert_array_equal(again.bits, found.bits)
    np.testing.assert_array_equal(again.bases, found.bases)
    assert world.posts == 1
    world.require_once()


def test_snapshots_of_a_device_are_those_of_the_states_in_their_bases(world) -> None:
    found = make_snapshots(ghz_states(), world.open(), SHOTS, bases=["ZZZ", "XXX"])
    first, second = (found.bits[found.labels == label] for label in (0, 1))
    assert set(numbers_of(first[:SHOTS])) == {0b000, 0b111}
    assert set(numbers_of(second[:SHOTS])) == {0b100, 0b011}
    for bits in (first, second):
        assert not (bits[SHOTS:].sum(axis=1) % 2).any()
    world.require_once()
