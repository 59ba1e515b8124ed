"""Noisy models: every way to simulate them gives the exact noisy distribution, and no other.

The reference is a density-matrix interpreter of its own: noise after each gate, measurements and
misreadings as branches over the classical bits, control flow by looking at them. It shares the
noise channels with the backend, and nothing else.

Tolerance of a total variation distance between N samples and their distribution p: its mean is at
most sum(sqrt(p)) / (2 sqrt(N)), and it exceeds that by t with a probability below exp(-2 N t**2)
(McDiarmid). `close` takes t so that this is 1e-6.
"""

import itertools
from collections.abc import Mapping
from datetime import date
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Delay, IfElseOp, Instruction, Measure, Parameter, Reset
from qiskit.circuit.classical import expr
from qiskit.circuit.library import CZGate, RZGate, SXGate, XGate
from qiskit.primitives.containers import BitArray
from qiskit.quantum_info import DensityMatrix, Operator, SuperOp
from qiskit.transpiler import InstructionProperties, QubitProperties, Target
from qiskit_aer import AerSimulator
from qiskit_aer.noise import NoiseModel, ReadoutError

import qml_algos
from qml_algos.backends import noise_methods, noise_model, noisy
from qml_algos.backends.config import NoiseMethods, NoisyConfig
from qml_algos.backends.cut import along_a_chain, cut_circuit, measures_last, used_qubits
from qml_algos.backends.noise_model import NoiseCache, cut_noise, cut_noise_model
from qml_algos.backends.noisy import NoisyBackend, NoisySampler
from qml_algos.backends.readout_errors import Misreading, misread
from qml_algos.errors import NotCompiledError, TooLargeError, UnsupportedCircuitError

# Shots for each method; `loud_sampler` makes it the only one, for any size.
METHODS = {"density_matrix": 40_000, "branching": 8_000, "matrix_product_state": 4_000}
LARGEST = {"density_matrix": 14, "branching": 26, "matrix_product_state": 100}
QUBITS = 4


class LoudProperties:
    """Calibration of readout alone, very asymmetric."""

    def qubit_property(self, qubit: int) -> dict[str, tuple[float, None]]:
        return {
            "prob_meas1_prep0": (0.02 + 0.02 * qubit, None),
            "prob_meas0_prep1": (0.30 - 0.03 * qubit, None),
        }


class LoudDevice:
    """Four qubits in a line, a hundred times as noisy as a device.

    Weak noise would hide mistakes in the noise. T2 is above T1 on every other qubit: Aer treats
    the two cases in different ways.
    """

    def __init__(self) -> None:
        lives = [(20e-6, 30e-6 if q % 2 else 15e-6) for q in range(QUBITS)]
        qubits = [QubitProperties(t1=t1, t2=t2) for t1, t2 in lives]
        self.target = Target(num_qubits=QUBITS, dt=4e-9, qubit_properties=qubits)
        for gate, seconds, error in [
            (XGate(), 0.6e-6, 0.04),
            (SXGate(), 0.6e-6, 0.04),
            (RZGate(Parameter("angle")), 0.0, 0.0),
            (Measure(), 2e-6, 0.1),
            (Instruction("measure_2", 1, 1, []), 1.6e-6, 0.25),
            (Reset(), 2e-6, None),
            (Instruction("reset_2", 1, 0, []), 1.6e-6, None),
            (Delay(Parameter("time")), None, None),
        ]:
            properties = InstructionProperties(duration=seconds, error=error)
            self.target.add_instruction(gate, {(q,): properties for q in range(QUBITS)})
        properties = InstructionProperties(duration=1e-6, error=0.11)
        self.target.add_instruction(CZGate(), {(q, q + 1): properties for q in range(QUBITS - 1)})
        self.target.add_instruction(IfElseOp, name="if_else")

    def properties(self) -> LoudProperties:
        return LoudProperties()


LOUD = LoudDevice()


def config_of(name: str) -> NoisyConfig:
    return open_backend(name).config


@cache
def open_backend(name: str) -> NoisyBackend:
    backend = qml_algos.backend(name)
    assert isinstance(backend, NoisyBackend)
    return backend


def loud_sampler(method: str | None = None, seed: int = 0) -> NoisySampler:
    config = config_of("heron_r3")
    if method is not None:
        none = dict.fromkeys(LARGEST, 0)
        methods = NoiseMethods(**{**none, method: LARGEST[method]}, max_seconds=3600.0)
        config = config.model_copy(update={"methods": methods})
    return NoisySampler(NoiseCache(LOUD), config, seed)


Branches = dict[tuple[int, ...], NDArray[np.complex128]]


def exact(circuit: QuantumCircuit) -> NDArray[np.float64]:
    """Distribution over the classical bits, bit 0 the least significant, on the loud device."""
    noise = cut_noise_model(LOUD, range(QUBITS))
    channels = {
        (name, places): SuperOp(error)
        for name, errors in noise._local_quantum_errors.items()
        for places, error in errors.items()
    }
    start = {(0,) * circuit.num_clbits: DensityMatrix.from_int(0, 2**QUBITS).data}
    bits = {bit: index for index, bit in enumerate(circuit.clbits)}
    end = interpret(circuit, list(range(QUBITS)), bits, start, channels)
    distribution = np.zeros(2**circuit.num_clbits)
    for values, state in end.items():
        distribution[number(values)] = np.trace(state).real
    assert distribution.sum() == pytest.approx(1)
    return distribution


def interpret(
    circuit: QuantumCircuit,
    places: list[int],
    bits: Mapping[Clbit, int],
    branches: Branches,
    channels: Mapping[tuple[str, tuple[int, ...]], SuperOp],
) -> Branches:
    for item in circuit.data:
        qubits = [places[circuit.find_bit(qubit).index] for qubit in item.qubits]
        name, after = item.operation.name, Branches()
        for values, state in branches.items():
            if name in {"measure", "measure_2"}:
                place = bits[item.clbits[0]]
                for outcome in (0, 1):
                    projected = project(state, qubits[0], outcome)
                    for read, probability in enumerate(reading(name, qubits[0], outcome)):
                        key = (*values[:place], read, *values[place + 1 :])
                        after[key] = after.get(key, 0) + probability * projected
            elif name == "if_else":
                block = chosen(item.operation, bits, values)
                result = {values: state}
                if block is not None:
                    inner = {
                        bit: bits[outer]
                        for bit, outer in zip(block.clbits, item.clbits, strict=False)
                    }
                    result = interpret(block, qubits, {**bits, **inner}, result, channels)
                for key, new in result.items():
                    after[key] = after.get(key, 0) + new
            else:
                rho = DensityMatrix(state)
                if name in {"reset", "reset_2"}:
                    rho = rho.evolve(SuperOp(Reset()), qubits)
                elif name not in {"barrier", "delay"}:
                    rho = rho.evolve(Operator(item.operation), qubits)
                if (name, tuple(qubits)) in channels:
                    rho = rho.evolve(channels[name, tuple(qubits)], qubits)
                after[values] = after.get(values, 0) + rho.data
        branches = after
    return branches


def project(state: NDArray[np.complex128], qubit: int, outcome: int) -> NDArray[np.complex128]:
    kept = (np.arange(len(state)) >> qubit) & 1 == outcome
    return state * np.outer(kept, kept)


def reading(name: str, qubit: int, outcome: int) -> tuple[float, float]:
    """Probabilities of reading 0 and 1."""
    if name == "measure_2":
        wrong = LOUD.target["measure_2"][(qubit,)].error
    else:
        key = "prob_meas0_prep1" if outcome else "prob_meas1_prep0"
        wrong = LOUD.properties().qubit_property(qubit)[key][0]
    return (wrong, 1 - wrong) if outcome else (1 - wrong, wrong)


def chosen(
    operation: IfElseOp, bits: Mapping[Clbit, int], values: tuple[int, ...]
) -> QuantumCircuit | None:
    if isinstance(operation.condition, expr.Expr):
        # The only one in this file.
        holds = values[0] == 1 and values[1] == 0
    else:
        condition, value = operation.condition
        looked_at = [condition] if isinstance(condition, Clbit) else list(condition)
        holds = number([values[bits[bit]] for bit in looked_at]) == value
    blocks = operation.blocks
    return blocks[0] if holds else blocks[1] if len(blocks) > 1 else None


def number(values: tuple[int, ...] | list[int]) -> int:
    return sum(int(value) << index for index, value in enumerate(values))


def total_variation(bits: BitArray, distribution: NDArray[np.float64]) -> float:
    found = np.zeros(len(distribution))
    for value, count in bits.get_int_counts().items():
        found[value] = count / bits.num_shots
    return float(np.abs(found - distribution).sum() / 2)


def close(shots: int, distribution: NDArray[np.float64]) -> float:
    """Largest distance of samples from their own distribution; error probability 1e-6."""
    mean = np.sqrt(distribution).sum() / (2 * np.sqrt(shots))
    return float(mean + np.sqrt(np.log(1e6) / (2 * shots)))


def entangle(circuit: QuantumCircuit) -> None:
    for qubit, angle in [(0, 0.9), (1, 2.1), (2, 1.4)]:
        circuit.sx(qubit)
        circuit.rz(angle, qubit)
        circuit.sx(qubit)
        circuit.cz(qubit, qubit + 1)
        circuit.sx(qubit + 1)


def measured_last() -> QuantumCircuit:
    """Bits out of order, and one qubit measured before gates on others."""
    circuit = QuantumCircuit(QUBITS, QUBITS)
    entangle(circuit)
    circuit.measure(1, 3)
    circuit.delay(100, 2)
    circuit.sx(2)
    circuit.cz(2, 3)
    circuit.barrier()
    circuit.measure([0, 2, 3], [2, 0, 1])
    return circuit


def reused() -> QuantumCircuit:
    """Measured, reset, used again; the short measurement and reset too; one bit written twice."""
    circuit = QuantumCircuit(QUBITS, 4)
    entangle(circuit)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.append(LOUD.target.operation_from_name("measure_2"), [1], [1])
    circuit.append(LOUD.target.operation_from_name("reset_2"), [1])
    circuit.measure(3, 3)
    circuit.sx([0, 1])
    circuit.cz(0, 1)
    circuit.sx([0, 1])
    circuit.measure([0, 1], [2, 3])
    return circuit


def fed_forward() -> QuantumCircuit:
    """Two if_else on misread bits, one of which measures; a bit nobody looks at between them."""
    circuit = QuantumCircuit(QuantumRegister(QUBITS), ClassicalRegister(2), ClassicalRegister(2))
    entangle(circuit)
    circuit.measure(0, 0)
    circuit.measure(3, 3)
    with circuit.if_test((circuit.clbits[0], 1)) as otherwise:
        circuit.x(0)
        circuit.sx(1)
        circuit.barrier()
        circuit.cz(1, 2)
    with otherwise:
        circuit.sx(2)
    circuit.sx(1)
    circuit.measure(1, 1)
    with circuit.if_test((circuit.cregs[0], 0)):
        circuit.append(LOUD.target.operation_from_name("measure_2"), [2], [2])
        circuit.reset(2)
    circuit.sx(2)
    circuit.cz(2, 3)
    circuit.measure(3, 3)
    return circuit


def by_expression() -> QuantumCircuit:
    circuit = QuantumCircuit(QUBITS, 3)
    entangle(circuit)
    circuit.measure([0, 1], [0, 1])
    first, second = circuit.clbits[:2]
    with circuit.if_test(expr.logic_and(first, expr.logic_not(second))):
        circuit.x(2)
    circuit.measure(2, 2)
    return circuit


CIRCUITS = [measured_last, reused, fed_forward, by_expression]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("build", CIRCUITS)
def test_every_method_follows_the_exact_noisy_distribution(build, method: str) -> None:
    """Error probability 1e-6 each, twelve cases."""
    circuit = build()
    shots = METHODS[method]
    if method == "density_matrix" and not measures_last(circuit):
        shots = 4_000  # Simulated shot by shot: a last resort that no shipped description takes.
    result = loud_sampler(method, seed=11).run([circuit], shots=shots).result()[0]
    bits = BitArray.concatenate_bits([result.data[register.name] for register in circuit.cregs])
    distribution = exact(circuit)
    assert total_variation(bits, distribution) < close(shots, distribution)
    assert result.metadata["method"] == method


def test_aer_itself_gets_branching_with_readout_errors_wrong() -> None:
    """Why readout errors are kept from Aer. If this fails, Aer was repaired: simplify.

    The same model, read rightly by the density matrix. Samples of the right distribution exceed
    `close` with a probability of 1e-6.
    """
    circuit = measured_last()
    distribution = exact(circuit)
    model = cut_noise_model(LOUD, range(QUBITS))
    for qubit in range(QUBITS):
        model.add_readout_error(
            ReadoutError([reading("measure", qubit, outcome) for outcome in (0, 1)]), [qubit]
        )

    def distance(seed: int, **options: object) -> float:
        simulator = AerSimulator(noise_model=model, **options)
        counts = simulator.run(circuit, shots=8_000, seed_simulator=seed).result().get_counts()
        return total_variation(BitArray.from_counts(counts, num_bits=QUBITS), distribution)

    branching = noise_methods.OPTIONS[noise_methods.Method.BRANCHING]
    assert distance(1, method="density_matrix") < close(8_000, distribution)
    # How wrong it is changes from run to run, whatever the seed.
    wrong = 1.5 * close(8_000, distribution)
    assert any(distance(seed, **branching) > wrong for seed in range(8))


@pytest.mark.parametrize("build", CIRCUITS)
def test_symmetric_readout_or_no_gate_noise_would_be_noticed(build, monkeypatch) -> None:
    """Else the comparison above would prove little.

    The distance of samples of a wrong distribution is at least that of the distributions, on
    average, and `close` / 2 less with a probability below 1e-3.
    """
    circuit = build()
    distribution = exact(circuit)
    noticed = 1.5 * close(8_000, distribution)
    with monkeypatch.context() as patch:
        patch.setattr(f"{__name__}.reading", symmetric_reading)
        assert np.abs(exact(circuit) - distribution).sum() / 2 > noticed
    with monkeypatch.context() as patch:
        patch.setattr(f"{__name__}.cut_noise_model", lambda *_: NoiseModel())
        assert np.abs(exact(circuit) - distribution).sum() / 2 > noticed


def symmetric_reading(name: str, qubit: int, outcome: int) -> tuple[float, float]:
    zero, one = READING(name, qubit, 0), READING(name, qubit, 1)
    wrong = (zero[1] + one[0]) / 2
    return (wrong, 1 - wrong) if outcome else (1 - wrong, wrong)


READING = reading


def test_the_cut_model_is_aers_own_for_the_whole_device() -> None:
    backend = open_backend("heron_r3")
    circuit = QuantumCircuit(3)
    circuit.h(0)
    for _ in range(30):
        circuit.cx(0, 1)
        circuit.cx(1, 2)
        circuit.ry(0.3, 2)
    [compiled] = backend.compile([circuit])
    qubits = used_qubits(compiled)
    cut = cut_circuit(compiled, qubits)
    cut.save_density_matrix()
    ours = cut_noise_model(backend.device, qubits)
    whole = NoiseModel.from_backend(backend.device)
    restricted = NoiseModel(basis_gates=whole.basis_gates)
    for instruction, errors in whole._local_quantum_errors.items():
        for places, error in errors.items():
            if set(places) <= set(qubits):
                moved = [qubits.index(place) for place in places]
                restricted.add_quantum_error(error, instruction, moved)
    states = [
        AerSimulator(method="density_matrix", noise_model=model).run(cut).result().data()
        for model in (ours, restricted)
    ]
    first, second = (np.asarray(state["density_matrix"]) for state in states)
    assert np.allclose(first, second, atol=1e-9)
    purity = np.trace(first @ first).real
    assert purity < 0.95, "the noise must be there for the comparison to mean anything"


def test_readout_asymmetry_is_kept() -> None:
    """A prepared 1 is misread more often than a prepared 0 on a qubit calibrated so.

    Error rates within 4 standard deviations of the calibrated ones: error probability 1e-4.
    """
    backend = open_backend("heron_r3")
    properties = backend.device.properties()
    rates = [properties.qubit_property(qubit) for qubit in range(156)]
    shots = 20_000
    gap = [rate["prob_meas0_prep1"][0] - rate["prob_meas1_prep0"][0] for rate in rates]
    gate_errors = [backend.device.target["x"][(qubit,)].error for qubit in range(156)]
    qubit = int(np.argmax(np.where(np.array(gate_errors) < 1e-3, gap, 0)))
    assert gap[qubit] > 0.01
    for prepared, key in ((0, "prob_meas1_prep0"), (1, "prob_meas0_prep1")):
        circuit = QuantumCircuit(156, 1)
        if prepared:
            circuit.x(qubit)
        circuit.measure(qubit, 0)
        bits = backend.sampler(seed=2).run([circuit], shots=shots).result()[0].data.c
        wrong = bits.get_counts().get(str(1 - prepared), 0) / shots
        rate = rates[qubit][key][0]
        assert abs(wrong - rate) < 4 * np.sqrt(rate / shots) + gate_errors[qubit]


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_means_the_same_results_and_another_seed_others(method: str) -> None:
    """Two runs of 400 shots over 16 outcomes agree by chance with a probability below 1e-6."""

    def outcomes(seed: int) -> list[int]:
        result = loud_sampler(method, seed).run([measured_last()] * 2, shots=400).result()
        return [value for pub in result for value in pub.data.c.array.ravel()]

    first = outcomes(1)
    assert first == outcomes(1)
    assert first != outcomes(2)
    assert first[:400] != first[400:], "PUBs must not share their random numbers"


@pytest.mark.parametrize("method", METHODS)
def test_a_sweep_gives_every_parameter_set_its_own_distribution_and_numbers(method: str) -> None:
    """Error probability 1e-6 for each of three sets; two of them are equal."""
    angle = Parameter("angle")
    circuit = QuantumCircuit(QUBITS, 2)
    circuit.sx(0)
    circuit.rz(angle, 0)
    circuit.sx(0)
    circuit.cz(0, 1)
    circuit.sx(1)
    circuit.measure([0, 1], [1, 0])
    angles = np.array([[0.4], [2.0], [2.0]])
    [result] = loud_sampler(method, 3).run([(circuit, angles, 4_000)]).result()
    assert result.data.c.shape == (3,)
    for index, value in enumerate(angles[:, 0]):
        distribution = exact(circuit.assign_parameters([value]))
        assert total_variation(result.data.c[index], distribution) < close(4_000, distribution)
    assert not np.array_equal(result.data.c[1].array, result.data.c[2].array)


def test_the_circuit_of_a_sweep_is_cut_once(monkeypatch) -> None:
    cuts = []
    monkeypatch.setattr(noisy, "cut_circuit", lambda *given: cuts.append(1) or cut_circuit(*given))
    angle = Parameter("angle")
    circuit = QuantumCircuit(QUBITS, 1)
    circuit.rz(angle, 0)
    circuit.measure(0, 0)
    loud_sampler().run([(circuit, np.zeros((20, 1)), 10)]).result()
    assert len(cuts) == 1


def test_shots_in_several_portions_are_right_and_not_repeated(monkeypatch) -> None:
    """Error probability 1e-6."""
    monkeypatch.setattr(noise_methods, "BRANCHING_SHOTS", 900)
    seeds = []
    sampler = noise_methods.SamplerV2
    monkeypatch.setattr(
        noise_methods, "SamplerV2", lambda **given: seeds.append(given["seed"]) or sampler(**given)
    )
    circuit = measured_last()
    distribution = exact(circuit)
    bits = loud_sampler("branching").run([circuit], shots=4_000).result()[0].data.c
    assert bits.num_shots == 4_000
    assert total_variation(bits, distribution) < close(4_000, distribution)
    assert len(seeds) == len(set(seeds)) == 5


def test_portions_keep_branching_states_below_two_gibibytes() -> None:
    circuit = QuantumCircuit(18, 1)
    pub = noise_methods.SamplerPub.coerce((circuit, None, 1_000))
    portions = list(noise_methods._portions(pub, noise_methods.Method.BRANCHING))
    assert portions == [512, 488]
    assert list(noise_methods._portions(pub, noise_methods.Method.MATRIX_PRODUCT_STATE)) == [1_000]


def test_branching_shots_are_in_no_particular_order() -> None:
    """The first quarter has the same distribution as all; error probability 1e-6."""
    circuit = measured_last()
    bits = loud_sampler("branching").run([circuit], shots=4_000).result()[0].data.c
    distribution = exact(circuit)
    assert total_variation(bits.slice_shots(range(1_000)), distribution) < close(
        1_000, distribution
    )


def test_misreading_flips_each_value_at_its_own_rate() -> None:
    """Within five standard deviations: error probability 6e-7 for each of four."""
    ones = np.zeros((2, 50_000, 3), dtype=bool)
    ones[1, :, :] = True
    bits = BitArray.from_bool_array(ones, order="little")
    how = {0: Misreading(zero_as_one=0.1, one_as_zero=0.3), 2: Misreading(0.0, 1.0)}
    read = misread(bits, how, np.random.default_rng(0)).to_bool_array(order="little")
    for value, rate in ((0, 0.1), (1, 0.3)):
        flipped = np.mean(read[value, :, 0] != value)
        assert abs(flipped - rate) < 5 * np.sqrt(rate * (1 - rate) / 50_000)
    assert np.array_equal(read[..., 1], ones[..., 1])
    assert not read[..., 2].any()


def test_the_method_follows_from_the_number_of_qubits_used_and_from_what_they_do() -> None:
    config = config_of("heron_r3")
    for used, last, method in [
        (11, True, "DENSITY_MATRIX"),
        (12, True, "BRANCHING"),
        (3, False, "BRANCHING"),
        (18, False, "BRANCHING"),
        (19, True, "MATRIX_PRODUCT_STATE"),
        (30, False, "MATRIX_PRODUCT_STATE"),
    ]:
        circuit = QuantumCircuit(156, 1)
        circuit.sx(range(40, 40 + used))
        circuit.measure(40, 0)
        if not last:
            circuit.reset(40)
        assert noise_methods.choose_method(config, circuit).name == method


def test_too_many_qubits_are_refused_with_what_each_method_takes(monkeypatch) -> None:
    backend = open_backend("heron_r3")
    circuit = QuantumCircuit(156, 1)
    circuit.sx(range(31))
    circuit.measure(0, 0)
    monkeypatch.setattr(noisy, "simulate", None)
    words = "needs 31 qubits.*at most 30.*density matrix 11, branching 18, matrix product state 30"
    with pytest.raises(TooLargeError, match=words):
        backend.sampler().run([circuit], shots=1)
    with pytest.raises(TooLargeError, match=words):
        backend.compile([QuantumCircuit(31)])


def test_a_circuit_that_is_not_compiled_is_refused_before_any_is_run(monkeypatch) -> None:
    """Its noise would silently be left out."""
    monkeypatch.setattr(noisy, "simulate", None)
    good = QuantumCircuit(QUBITS, 1)
    good.sx(0)
    good.measure(0, 0)
    no_such_gate, no_such_coupler = good.copy(), good.copy()
    no_such_gate.h(0)
    no_such_coupler.cz(0, 2)
    for bad, words in [(no_such_gate, "no 'h'"), (no_such_coupler, r"no 'cz' on qubits \(0, 2\)")]:
        with pytest.raises(NotCompiledError, match=words):
            loud_sampler().run([good, bad], shots=1)


@pytest.mark.parametrize("shots", [0, -1, 1.5, 2_000_000])
def test_shots_that_cannot_be_are_refused(shots: object) -> None:
    circuit = QuantumCircuit(QUBITS, 1)
    circuit.measure(0, 0)
    with pytest.raises((ValueError, TooLargeError), match="shots = "):
        loud_sampler().run([circuit], shots=shots)


def test_a_circuit_that_does_nothing_reads_zeros() -> None:
    bits = loud_sampler().run([QuantumCircuit(QUBITS, 2)], shots=10).result()[0].data.c
    assert bits.get_counts() == {"00": 10}


def test_noise_of_the_same_qubits_is_built_once(monkeypatch) -> None:
    built = []
    monkeypatch.setattr(
        noise_model, "cut_noise", lambda *given: built.append(1) or cut_noise(*given)
    )
    sampler = loud_sampler()
    for _ in range(3):
        sampler.run([measured_last()] * 2, shots=1).result()
    assert len(built) == 1


def test_cutting_keeps_what_acts_and_renumbers_it_within_control_flow_too() -> None:
    circuit = QuantumCircuit(QuantumRegister(9, "q"), ClassicalRegister(2, "c"))
    circuit.add_bits([Clbit()])
    circuit.sx(7)
    circuit.barrier()
    circuit.measure(7, 1)
    block = QuantumCircuit(3, 1)
    block.cz(2, 0)
    block.delay(10, 1)
    block.barrier()
    circuit.if_else((circuit.clbits[1], 1), block, None, [3, 8, 7], [2])
    circuit.delay(10, 0)
    assert used_qubits(circuit) == [3, 7]
    cut = cut_circuit(circuit, [7, 3])
    assert cut.num_qubits == 2
    assert cut.cregs == circuit.cregs
    operation = cut.data[-1].operation
    places = [cut.find_bit(qubit).index for qubit in cut.data[-1].qubits]
    [gate] = operation.blocks[0].data
    acted = [places[operation.blocks[0].find_bit(qubit).index] for qubit in gate.qubits]
    assert (gate.operation.name, acted) == ("cz", [0, 1])
    assert cut.count_ops() == {"sx": 1, "measure": 1, "if_else": 1}


def test_qubits_along_a_path_are_put_in_its_order() -> None:
    path = [5, 0, 3, 8, 1]
    circuit = QuantumCircuit(9)
    for first, second in itertools.pairwise(path):
        circuit.cz(first, second)
    assert along_a_chain(circuit, sorted(path)) in (path, path[::-1])


@pytest.mark.parametrize("name", ["heron_r3", "nighthawk"])
def test_figures_of_the_shipped_files_are_the_medians_of_their_snapshots(name: str) -> None:
    backend = open_backend(name)
    config, device = backend.config, backend.device
    target = device.target
    assert config.timing is not None
    assert config.errors is not None

    def median(gate: str, what: str) -> float:
        return float(np.median([getattr(place, what) for place in target[gate].values()]))

    for figure, gate in [
        (config.timing.one_qubit_gate, "sx"),
        (config.timing.two_qubit_gate, "cz"),
        (config.timing.measure, "measure"),
        (config.timing.reset, "reset"),
    ]:
        if gate in target.operation_names:
            assert figure == pytest.approx(median(gate, "duration"), rel=1e-3)
        else:
            assert figure is None
    for figure, gate in [
        (config.errors.one_qubit_gate, "sx"),
        (config.errors.two_qubit_gate, "cz"),
        (config.errors.readout, "measure"),
    ]:
        assert figure == pytest.approx(median(gate, "error"), rel=1e-3)
    properties, places = device.properties(), range(device.num_qubits)
    for figure, measured in [(config.errors.t1, properties.t1), (config.errors.t2, properties.t2)]:
        assert figure == pytest.approx(np.median([measured(place) for place in places]), rel=1e-3)
    assert config.calibration.qubits == device.num_qubits
    assert config.timing.repetition_delay == device.configuration().default_rep_delay
    assert set(config.compile.basis_gates) <= set(target.operation_names)
    taken = device.properties().last_update_date.date()
    assert {config.calibration.as_of, config.timing.as_of, config.errors.as_of} == {taken}
    assert backend.calibrated == taken == date(2026, 4, 17)


@pytest.mark.parametrize("what", ["reset", "if_else", "store"])
def test_nighthawk_refuses_what_it_cannot_do_by_name(what: str) -> None:
    backend = open_backend("nighthawk")
    circuit = QuantumCircuit(2, 1)
    circuit.h(0)
    circuit.measure(0, 0)
    if what == "reset":
        circuit.reset(0)
    elif what == "store":
        circuit.add_var("kept", expr.lift(False))
    else:
        with circuit.if_test((0, 1)):
            circuit.x(1)
    with pytest.raises(UnsupportedCircuitError, match=f"'{what}'.*backend 'nighthawk'"):
        backend.compile([circuit])
    with pytest.raises(NotCompiledError):
        backend.sampler().run([circuit], shots=1)


def test_nighthawk_runs_on_its_square_lattice() -> None:
    backend = open_backend("nighthawk")
    circuit = QuantumCircuit(4)
    circuit.h(0)
    for first, second in [(0, 1), (1, 2), (2, 3)]:
        circuit.cx(first, second)
    circuit.cz(3, 0)
    circuit.measure_all()
    [compiled] = backend.compile([circuit])
    assert compiled.count_ops()["cz"] == 4, "a ring of four fits a square lattice without swaps"
    counts = backend.sampler(seed=1).run([compiled], shots=2_000).result()[0].data.meas.get_counts()
    assert 0.6 < (counts["0000"] + counts["1111"]) / 2_000 < 1


def test_what_the_compiler_itself_refuses_is_refused_as_ours(monkeypatch) -> None:
    monkeypatch.setattr(NoisyBackend, "_require_dynamics", lambda *_: None)
    circuit = QuantumCircuit(1)
    circuit.h(0)
    circuit.reset(0)
    with pytest.raises(UnsupportedCircuitError, match="cannot be compiled for backend 'nighthawk'"):
        open_backend("nighthawk").compile([circuit])


def test_seconds_are_qiskits_estimate_plus_the_repetition_delay() -> None:
    backend = open_backend("heron_r3")
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.delay(2, 1, unit="us")
    circuit.delay(400, 0)
    circuit.cx(0, 1)
    circuit.reset(2)
    circuit.cx(1, 2)
    circuit.measure_all()
    [compiled] = backend.compile([circuit])
    expected = compiled.estimate_duration(backend.device.target) + 250e-6
    assert backend.seconds(compiled) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(NotCompiledError):
        backend.seconds(circuit)


def test_seconds_of_control_flow_are_those_of_its_longest_block() -> None:
    backend = open_backend("heron_r3")
    circuit = QuantumCircuit(156, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)) as otherwise:
        circuit.x(1)
    with otherwise:
        circuit.x(1)
        circuit.sx(1)
        circuit.sx(2)
    circuit.measure(1, 0)
    assert backend.seconds(circuit) == pytest.approx(250e-6 + 2 * 2.2e-6 + 2 * 32e-9)
