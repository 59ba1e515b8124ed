import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.tomography import reconstruction_figure


def test_a_complex_state_shows_moduli_and_phases_with_units(drawn, w_state):
    target = w_state(4, 0)
    found = target * np.exp(0.7j)
    figure = reconstruction_figure(target, found, drawn(target, np.full((1, 4), 2), 50, 0))
    moduli, phases = figure.axes
    assert moduli.get_xlabel() == "true modulus of the amplitude"
    assert phases.get_ylabel() == "reconstructed phase of the amplitude (rad)"
    assert [text.get_text()[:9] for text in moduli.get_legend().get_texts()] == [
        "counts, f",
        "reconstru",
    ]
    # The common factor is taken out.
    x, y = phases.lines[0].get_data()
    assert np.allclose(x, y)


def test_a_real_state_shows_moduli_only():
    assert len(reconstruction_figure(np.ones(4), np.ones(4)).axes) == 1


def test_states_of_different_qubits_are_refused(drawn):
    with pytest.raises(InvalidProblemError, match="same qubits"):
        reconstruction_figure(np.ones(4), np.ones(8))
    with pytest.raises(InvalidProblemError, match="snapshots has 3 qubits"):
        reconstruction_figure(np.ones(4), np.ones(4), drawn(np.ones(8), [[2, 2, 2]], 5, 0))
