"""What every cost of a block encoding is tested for."""

from cost_checks import check_closed_form


def check_encoding(cost, encoding):
    """Hold registers, one use, one controlled use and the frame against what was built."""
    assert cost.system_qubits == encoding.system_qubits
    assert cost.signal_qubits == encoding.signal_qubits
    assert cost.workspace_qubits == encoding.workspace_qubits
    check_closed_form(cost.circuit, encoding.circuit)
    assert (cost.controlled is None) == (encoding.controlled_circuit is None)
    if cost.controlled is not None:
        check_closed_form(cost.controlled, encoding.controlled_circuit)
    if encoding.frame is None:
        assert cost.frame.qubits == 0
    else:
        check_closed_form(cost.frame, encoding.frame)
