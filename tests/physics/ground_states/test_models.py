"""Hamiltonians by name, and from files."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, UnknownNameError
from qml_algos.physics.ground_states import (
    GROUND_STATE_SOLVERS,
    MODELS,
    make_model,
    read_hamiltonian,
)
from qml_algos.physics.hamiltonians import exact_ground_state, transverse_field_ising

FITTED = ("energy_", "energy_error_", "variance_", "v_score_", "parameters_", "state_", "seconds_")


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_a_size_of_sixteen_spins_and_rules_for_its_circuit(name: str) -> None:
    model = make_model(name, 16)
    assert model.qubits == 16
    assert model.layers
    assert model.sign_qubits is not None


def test_the_ising_chain_is_critical_and_periodic_by_default() -> None:
    assert make_model("tfim", 6).operator == transverse_field_ising(6, 1.0).operator
    assert make_model("tfim", 6, 0.5, "open").reference != make_model("tfim", 6, 0.5).reference


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("heisenberg", 7), "size = 7: a periodic heisenberg lattice needs an even number"),
        (("heisenberg", 7, None, "open"), "size = 7: heisenberg needs an even number of spins"),
        (("heisenberg-square", 9), "not 3; an odd one is frustrated"),
        (("heisenberg-square", 8), "size = 8: a size of heisenberg-square is its number of spins"),
        (("haldane-shastry", 5), "must be even"),
        (("haldane-shastry", 6, None, "open"), "boundary = 'open': haldane-shastry is a ring"),
        (("tfim", 6, -1.0), "field = -1.0: must be a finite number above 0"),
        (("tfim", 6, 0.0), "field = 0.0"),
        (("tfim", 6, float("nan")), "field = nan"),
        (("heisenberg", 6, 1.0), "field = 1: heisenberg has none; tfim has one"),
        (("tfim", 2), "at least 3 sites"),
        (("tfim", 6.5), "size = 6.5: must be a positive integer"),
    ],
)
def test_sizes_and_fields_that_do_not_suit_a_model_are_refused(
    arguments: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(InvalidProblemError, match=re.escape(words)):
        make_model(*arguments)


def test_unknown_models_and_boundaries_are_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="unknown model 'potts'; known: haldane-shastry"):
        make_model("potts", 6)
    with pytest.raises(UnknownNameError, match="unknown boundary 'twisted'; known: open, periodic"):
        make_model("tfim", 6, boundary="twisted")


def test_a_file_holds_the_hamiltonian_that_it_lists(tmp_path: Path) -> None:
    path = tmp_path / "pair.txt"
    path.write_text("# a pair\n-1 ZZI\n\n -0.5  IXX # remark\n0.25 III\n-1 ZZI\n")
    found = read_hamiltonian(path)
    assert (found.name, found.qubits, found.terms) == ("pair.txt", 3, 3)
    assert found.mean_energy == pytest.approx(0.25)
    # -2 ZZ on qubits 2, 1 and -0.5 XX on 1, 0 anticommute.
    [energy] = exact_ground_state(found).energies
    assert energy == pytest.approx(0.25 - np.hypot(2, 0.5))
    assert sum(len(layer) for layer in found.layers) == found.terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no terms"),
        ("# nothing\n", "holds no terms"),
        ("-1 ZZ\n2 XQ\n", "line 2: 'XQ' has letters other than I, X, Y and Z"),
        ("-1 ZZ\n2 X\n", "Pauli strings of 1, 2 letters"),
        ("one ZZ\n", "line 1: 'one' is no finite number"),
        ("nan ZZ\n", "line 1: 'nan' is no finite number"),
        ("1j ZZ\n", "line 1: '1j' is no finite number"),
        ("ZZ\n", "line 1: 'ZZ': a coefficient and a Pauli string are needed"),
    ],
)
def test_malformed_files_are_refused_with_the_line(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text)
    with pytest.raises(InvalidProblemError, match=r"bad\.txt") as refusal:
        read_hamiltonian(path)
    assert words in str(refusal.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.bin"
    path.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InvalidProblemError, match="is no UTF-8 text"):
        read_hamiltonian(path)


@pytest.mark.parametrize("name", [name for name in GROUND_STATE_SOLVERS if name != "rbm"])
def test_solvers_share_one_interface_and_find_the_ground_state(name: str) -> None:
    model = make_model("tfim", 4)
    fitted = GROUND_STATE_SOLVERS[name]().fit(model)
    assert all(hasattr(fitted, attribute) for attribute in FITTED)
    assert model.reference is not None
    assert fitted.energy_ == pytest.approx(model.reference.energy, rel=1e-9)
    assert fitted.state_.qubits == 4
