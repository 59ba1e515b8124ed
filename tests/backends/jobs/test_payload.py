"""Results as bytes and back."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.primitives.containers import BitArray, DataBin, PubResult, SamplerPubResult
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qml_algos.backends.jobs.payload import (
    dump_result,
    expected_of,
    load_result,
    require_expected,
)
from qml_algos.errors import CorruptResultError, LedgerError


def samples(shape: tuple[int, ...], shots: int = 5, **registers: int) -> SamplerPubResult:
    rng = np.random.default_rng(1)
    fields = {
        name: BitArray.from_bool_array(rng.integers(0, 2, (*shape, shots, bits)).astype(bool))
        for name, bits in registers.items()
    }
    return SamplerPubResult(DataBin(**fields, shape=shape))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_samples_come_back_bit_by_bit(shape: tuple[int, ...]) -> None:
    result = samples(shape, data=9, flag=1)
    again = load_result(dump_result(result))
    assert isinstance(again, SamplerPubResult)
    assert again.data.shape == shape
    for name in ("data", "flag"):
        assert again.data[name] == result.data[name]


def test_expectation_values_come_back_exactly() -> None:
    data = DataBin(evs=np.array([[0.1, -1.0]]), stds=np.array([[0.01, np.nan]]), shape=(1, 2))
    again = load_result(dump_result(PubResult(data)))
    assert again.data.shape == (1, 2)
    assert np.array_equal(again.data.evs, data.evs)
    assert np.array_equal(again.data.stds, data.stds, equal_nan=True)


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.data())
def test_damaged_bytes_raise_only_ledger_errors(data: st.DataObject) -> None:
    content = bytearray(dump_result(samples((2,), data=3)))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=5))
    with contextlib.suppress(LedgerError):
        load_result(bytes(content))


def test_nothing_is_unpickled() -> None:
    import io
    import zipfile

    class Evil:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    buffer = io.BytesIO()
    np.savez(buffer, meta=np.array([Evil()], dtype=object))
    assert zipfile.is_zipfile(buffer)
    with pytest.raises(LedgerError):
        load_result(buffer.getvalue())


def test_results_of_other_circuits_are_refused() -> None:
    circuit = QuantumCircuit(2)
    circuit.ry(Parameter("a"), 0)
    circuit.measure_all()
    expected = [expected_of(SamplerPub.coerce((circuit, [[0.1], [0.2]]), 5))]
    require_expected([samples((2,), meas=2)], expected)
    for wrong in (
        [],
        [samples((2,), meas=2)] * 2,
        [samples((3,), meas=2)],
        [samples((), meas=2)],
        [samples((2,), meas=3)],
        [samples((2,), other=2)],
        [samples((2,), 4, meas=2)],
        [samples((2,), meas=2, more=1)],
    ):
        with pytest.raises(CorruptResultError, match="expected"):
            require_expected(wrong, expected)
