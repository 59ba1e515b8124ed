"""The figure of entanglement: what each law says, and what is drawn."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.neural.entanglement import entanglement_figure, entanglement_profiles

PROFILES = entanglement_profiles(8, draws=2, random_state=0)


def test_profiles_keep_their_laws() -> None:
    by_law = {
        law: [p.entropies for p in PROFILES if p.law == law]
        for law in ("volume", "critical", "area")
    }
    exact, page, drawn = by_law["volume"]
    np.testing.assert_allclose(exact, [1, 2, 3, 4, 3, 2, 1], atol=1e-9)
    assert np.all(drawn < page + 0.1)
    toric = by_law["area"][0]
    assert np.max(toric) == pytest.approx(3, abs=1e-9)
    [critical] = by_law["critical"]
    np.testing.assert_allclose(critical, critical[::-1], atol=1e-6)


def test_the_figure_has_a_line_for_each_profile_and_each_cap() -> None:
    figure = entanglement_figure(PROFILES, bond_dimensions=(2, 4))
    [axes] = figure.axes
    drawn = [line for line in axes.lines if len(line.get_xdata())]
    assert len(drawn) == len(PROFILES) + 2
    np.testing.assert_allclose(drawn[-1].get_ydata(), [1, 2, 2, 2, 2, 2, 1])
    assert "bits" in axes.get_ylabel()
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "volume-law machine\n  8 weights" in labels


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: entanglement_profiles(10), InvalidProblemError, "multiple of 4"),
        (lambda: entanglement_profiles(24), TooLargeError, "qubits = 24"),
        (lambda: entanglement_profiles(8, draws=0), InvalidProblemError, "draws = 0"),
        (lambda: entanglement_figure([]), InvalidProblemError, "profiles"),
        (lambda: entanglement_figure(PROFILES, [0]), InvalidProblemError, "bond_dimensions = 0"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message) -> None:
    with pytest.raises(error, match=message):
        call()
