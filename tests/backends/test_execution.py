"""What is read from circuits that ran as one job."""

import numpy as np
import pytest
from qiskit import QuantumCircuit

from qml_algos.backends.execution import Executed
from qml_algos.errors import TooLargeError


def executed(bits: int) -> Executed:
    outcome = np.zeros((1, bits), dtype=bool)
    outcome[0, -1] = True
    return Executed((QuantumCircuit(),), ({"c": outcome},), 1, 0.0, 0.0)


def test_registers_of_up_to_62_bits_are_read_as_numbers() -> None:
    assert executed(62).numbers(0, "c") == [2**61]
    with pytest.raises(TooLargeError, match="'c' has 63 bits: at most 62"):
        executed(63).numbers(0, "c")
