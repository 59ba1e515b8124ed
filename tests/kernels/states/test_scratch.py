"""Memory that is used again."""

import numpy as np

from qml_algos.kernels.states.scratch import Scratch


def test_memory_is_used_again_only_when_no_view_is_left():
    scratch = Scratch()
    first = scratch.empty((4, 2**14), np.complex128)
    view, address = first[1:].T, first.ctypes.data
    del first
    second = scratch.empty((4, 2**14), np.complex128)
    assert second.ctypes.data != address
    del view
    third = scratch.empty((2**16,), np.complex128)
    assert third.ctypes.data == address
