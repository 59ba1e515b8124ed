"""Requests cut to jobs and put together again."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.primitives import StatevectorSampler
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.jobs.units import Unit, group, join, split


def flips(bits: int) -> QuantumCircuit:
    """Measures its parameters: bit i is 1 where parameter i is pi."""
    angles = ParameterVector("angle", bits)
    circuit = QuantumCircuit(bits)
    for bit in range(bits):
        circuit.rx(angles[bit], bit)
    circuit.measure_all()
    return circuit


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    shape=st.sampled_from([(), (1,), (7,), (3, 4), (2, 1, 3)]),
    shots=st.integers(1, 5),
    limit=st.integers(5, 40),
)
def test_pieces_fit_and_join_in_order(shape: tuple[int, ...], shots: int, limit: int) -> None:
    values = np.random.default_rng(3).integers(0, 2, (*shape, 4))
    pub = SamplerPub.coerce((flips(4), values * np.pi), shots)
    pieces = split(pub, limit)
    assert all(piece.size * piece.shots <= limit for piece in pieces)
    assert sum(piece.size for piece in pieces) == pub.size
    results = [StatevectorSampler(seed=0).run([piece]).result()[0] for piece in pieces]
    joined = join(pub, results)
    assert joined.data.shape == shape
    measured = joined.data.meas.to_bool_array(order="little")
    assert measured.shape == (*shape, shots, 4)
    assert np.array_equal(measured, np.broadcast_to(values[..., None, :], measured.shape))


def test_a_pub_that_fits_is_not_touched() -> None:
    pub = SamplerPub.coerce((flips(2), np.zeros((3, 2))), 10)
    assert split(pub, 30) == [pub]


@settings(max_examples=100, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([1, 2])), max_size=20))
def test_jobs_keep_the_order_the_limit_and_one_number_of_shots(
    sizes: list[tuple[int, int]],
) -> None:
    class Pub:
        def __init__(self, shots: int) -> None:
            self.precision = shots

    units = [Unit(str(i), Pub(shots), executions) for i, (executions, shots) in enumerate(sizes)]
    jobs = group(units, 10)
    assert [unit for job in jobs for unit in job] == units
    for job in jobs:
        assert sum(unit.executions for unit in job) <= 10
        assert len({unit.repetitions for unit in job}) == 1


def test_splitting_more_shots_than_a_job_takes_cannot_happen() -> None:
    """The description's limits see to it."""
    from pydantic import ValidationError

    from qml_algos.backends.config import Limits

    with pytest.raises(ValidationError, match="at most max_executions"):
        Limits(max_qubits=1, max_shots=11, default_shots=1, max_executions=10)
