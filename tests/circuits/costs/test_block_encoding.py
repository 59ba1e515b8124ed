"""Costs of what is made of block encodings, held against what is counted."""

import pytest
from encoding_costs import check_encoding

from circuits.block_encoding import scaled, with_identity
from circuits.costs.block_encoding import scaled_cost, with_identity_cost
from circuits.costs.dense_encoding import dilation_block_encoding_cost
from circuits.costs.path_encoding import path_block_encoding_cost
from circuits.path_encoding import path_block_encoding


@pytest.mark.parametrize("qubits", [1, 3, 5])
@pytest.mark.parametrize("diagonal", [0.0, 2.0])
def test_multiples_of_the_identity_are_exact(qubits, diagonal):
    encoding, cost = (
        make(qubits, diagonal, -1.0) for make in (path_block_encoding, path_block_encoding_cost)
    )
    for identity in (0.5, -0.5):
        check_encoding(with_identity_cost(cost), with_identity(encoding, identity))
    check_encoding(scaled_cost(cost), scaled(encoding, -2.0))


def test_a_control_on_every_gate_has_no_closed_form():
    with pytest.raises(ValueError, match="encoding has no controlled circuit"):
        with_identity_cost(dilation_block_encoding_cost(2))
