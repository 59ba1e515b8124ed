"""The sampling estimator: values, standard errors, and how little is sent for them."""

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import ParameterVector
from qiskit.exceptions import QiskitError
from qiskit.primitives import BaseSamplerV2, StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp

import qml_algos
from qml_algos.backends.estimator import SamplingEstimator
from qml_algos.errors import TooLargeError

PRECISION = 0.05
SHOTS = 400


class CountingSampler(BaseSamplerV2):
    """Passes everything on and remembers it."""

    def __init__(self, seed: int = 0) -> None:
        self.jobs = []
        self._sampler = qml_algos.backend("aer_shots").sampler(seed)

    def run(self, pubs, *, shots=None):
        self.jobs.append(list(pubs))
        return self._sampler.run(self.jobs[-1], shots=shots)

    @property
    def executed(self) -> list[tuple[int, int]]:
        """Parameter sets and shots of every PUB of the only job."""
        [job] = self.jobs
        return [(pub.parameter_values.size, pub.shots) for pub in job]


def ansatz() -> QuantumCircuit:
    angles = ParameterVector("a", 3)
    circuit = QuantumCircuit(3)
    for qubit, angle in enumerate(angles):
        circuit.ry(angle, qubit)
    circuit.cx(0, 1)
    circuit.rx(angles[0] * 2 + 0.3, 2)
    circuit.cx(1, 2)
    return circuit


def compiled() -> QuantumCircuit:
    [circuit] = qml_algos.backend("aer_shots").compile([ansatz()])
    return circuit


def sets(*shape: int) -> np.ndarray:
    return np.random.default_rng(4).uniform(0, 2 * np.pi, (*shape, 3))


ZZ = SparsePauliOp.from_list([("ZZI", 1.0), ("IZZ", -0.5), ("III", 0.25)])
MIXED = SparsePauliOp.from_list([("XIX", 0.7), ("IZI", 1.5), ("YYI", 0.3)])
FLAT = SparsePauliOp.from_list([("III", 2.0)])


@pytest.mark.parametrize(
    ("observables", "values", "shape"),
    [
        (ZZ, sets(), ()),
        (MIXED, sets(4), (4,)),
        ([ZZ, MIXED, FLAT], sets(), (3,)),
        ([ZZ, MIXED, FLAT], sets(3), (3,)),
        ([[ZZ], [MIXED]], sets(4), (2, 4)),
        ([ZZ, MIXED], sets(3, 1), (3, 2)),
        ([[ZZ, MIXED]], sets(3, 1), (3, 2)),
        ([[[ZZ]], [[MIXED]]], sets(2, 3), (2, 2, 3)),
        ([ZZ], sets(0), (0,)),
    ],
)
def test_values_broadcast_and_are_within_five_standard_errors(observables, values, shape) -> None:
    """Error probability 6e-7 a value, 42 values; the identity alone is exact."""
    estimator = SamplingEstimator(CountingSampler())
    data = estimator.run([(compiled(), observables, values)], precision=PRECISION).result()[0].data
    exact = StatevectorEstimator().run([(ansatz(), observables, values)]).result()[0].data.evs
    assert data.evs.shape == data.stds.shape == shape
    assert np.all(np.abs(data.evs - exact) <= 5 * data.stds + 1e-12)


def test_standard_errors_are_those_that_repetition_shows() -> None:
    """Ratio of variances over 400 runs within 0.36 of one: 5 of its standard errors sqrt(2/400)."""
    pub = (compiled(), [[ZZ], [MIXED]], np.repeat(sets(1), 400, axis=0))
    data = SamplingEstimator(CountingSampler(2)).run([pub], precision=PRECISION).result()[0].data
    ratio = np.var(data.evs, axis=1) / np.mean(data.stds**2, axis=1)
    assert np.all(np.abs(ratio - 1) < 0.36)


def test_one_pub_for_each_basis_carries_all_parameter_sets() -> None:
    """ZZ shares the basis of IZI; XIX and YYI agree on no qubit they share, so three in all."""
    sampler = CountingSampler()
    pub = (compiled(), [[ZZ], [MIXED]], sets(50))
    SamplingEstimator(sampler).run([pub], precision=PRECISION).result()
    assert len(sampler.executed) == 3
    assert sampler.executed == [(50, SHOTS)] * 3


def test_a_basis_is_measured_only_with_the_parameter_sets_that_need_it() -> None:
    sampler = CountingSampler()
    observables = [SparsePauliOp("ZZI"), SparsePauliOp("IZI"), SparsePauliOp("XII"), FLAT]
    pub = (compiled(), observables, sets(4))
    SamplingEstimator(sampler).run([pub], precision=PRECISION).result()
    assert sorted(sampler.executed) == [(1, SHOTS), (2, SHOTS)]


def test_all_pubs_are_one_job_whatever_their_precision() -> None:
    sampler = CountingSampler()
    pubs = [
        (compiled(), SparsePauliOp("ZZZ"), sets(2), 0.1),
        (compiled(), SparsePauliOp("XXX"), sets(3)),
    ]
    first, second = SamplingEstimator(sampler).run(pubs, precision=PRECISION).result()
    assert sampler.executed == [(2, 100), (3, SHOTS)]
    assert first.metadata["shots"] == 100
    assert second.metadata["target_precision"] == PRECISION


def test_pubs_do_not_share_their_shots() -> None:
    """Two means of 400 shots of the same coin agree with a probability below 3 %: 12 of them."""
    pub = (compiled(), SparsePauliOp("ZZZ"), sets(12))
    first, second = SamplingEstimator(CountingSampler()).run([pub, pub], precision=0.05).result()
    assert not np.array_equal(first.data.evs, second.data.evs)


def test_the_identity_is_neither_measured_nor_uncertain() -> None:
    sampler = CountingSampler()
    data = SamplingEstimator(sampler).run([(compiled(), FLAT, sets(2))]).result()[0].data
    assert sampler.jobs == []
    assert np.array_equal(data.evs, [2.0, 2.0])
    assert np.array_equal(data.stds, [0.0, 0.0])


def test_circuits_without_parameters_are_measured_too() -> None:
    circuit = QuantumCircuit(2)
    circuit.x(0)
    sampler = CountingSampler()
    observables = [SparsePauliOp("ZZ"), SparsePauliOp("IZ"), SparsePauliOp("ZI")]
    data = SamplingEstimator(sampler).run([(circuit, observables)]).result()[0].data
    assert data.evs.tolist() == [-1, -1, 1]
    assert sampler.executed == [(1, 4096)]


@pytest.mark.parametrize("precision", [0, 0.0, -0.1, float("nan"), float("inf")])
def test_a_precision_that_no_shots_reach_is_named(precision: float) -> None:
    sampler = CountingSampler()
    estimator = SamplingEstimator(sampler)
    with pytest.raises(ValueError, match="precision"):
        estimator.run([(compiled(), ZZ, sets())], precision=precision)
    with pytest.raises(ValueError, match="precision"):
        estimator.run([(compiled(), ZZ, sets(), precision)])
    assert sampler.jobs == []


def test_more_shots_than_the_backend_takes_are_refused_at_once() -> None:
    estimator = qml_algos.backend("aer_shots").estimator()
    with pytest.raises(TooLargeError, match="shots = 100,000,000"):
        estimator.run([(compiled(), ZZ, sets())], precision=1e-4)


def test_operators_that_are_no_paulis_are_refused_at_once() -> None:
    with pytest.raises(QiskitError):
        SamplingEstimator(CountingSampler()).run([(compiled(), [{"0II": 1.0}], sets())])
