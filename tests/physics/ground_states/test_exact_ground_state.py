"""Exact ground states by the interface of all solvers."""

import pytest
from sklearn.base import clone

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.ground_states.exact import ExactGroundState
from qml_algos.physics.hamiltonians import heisenberg
from qml_algos.physics.states import StatevectorState


def test_the_ground_state_and_all_that_is_told_of_it() -> None:
    told: list[tuple[int, int]] = []
    found = clone(ExactGroundState()).fit(heisenberg(8), progress=lambda *given: told.append(given))
    assert told == [(1, 1)]
    assert found.energy_ == pytest.approx(-14.604373635748, abs=1e-10)
    assert (found.energy_error_, found.parameters_) == (0, 256)
    assert found.variance_ < 1e-20
    assert found.v_score_ < 1e-20
    assert found.seconds_ >= 0
    assert isinstance(found.state_, StatevectorState)


def test_what_is_no_hamiltonian_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="hamiltonian is of type SparsePauliOp"):
        ExactGroundState().fit(heisenberg(4).operator)
