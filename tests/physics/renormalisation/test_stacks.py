"""Stacked Boltzmann machines and what their units look at."""

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.renormalisation import (
    fit_rbm_stack,
    plot_receptive_fields,
    receptive_field_radius,
    receptive_fields,
    uniform_radius,
)


def blocks(samples: int, seed: int) -> np.ndarray:
    """Four by four spins, equal within each of four blocks."""
    coarse = np.random.default_rng(seed).integers(0, 2, size=(samples, 2, 2))
    return np.kron(coarse, np.ones((2, 2), int)).reshape(samples, 16)


def test_the_radius_of_a_uniform_field_is_that_of_the_lattice() -> None:
    assert uniform_radius((16, 16)) == pytest.approx(6.5574, abs=1e-4)
    found = receptive_field_radius(np.ones((1, 256)), (16, 16))
    np.testing.assert_allclose(found, uniform_radius((16, 16)))


def test_the_radius_is_measured_around_the_edges() -> None:
    field = np.zeros((1, 20))
    field[0, [0, 4]] = 1, -1
    np.testing.assert_allclose(receptive_field_radius(field, (4, 5)), np.sqrt(0.5))
    assert np.isnan(receptive_field_radius(np.zeros((1, 20)), (4, 5)))[0]


def test_units_find_the_blocks_that_data_is_made_of() -> None:
    X = blocks(400, 0)
    machines = fit_rbm_stack(X, [8, 4], epochs=60, learning_rate=0.1, l1=0.02, random_state=0)
    fields = receptive_fields(machines[:1])
    within = fields.reshape(8, 2, 2, 2, 2).transpose(0, 1, 3, 2, 4).reshape(8, 4, 4)
    # A unit's weights within a block are alike.
    assert np.median(within.std(axis=2).mean(axis=1) / np.abs(within).mean(axis=(1, 2))) < 0.3
    assert receptive_fields(machines).shape == (4, 16)


def test_weights_without_use_are_drawn_to_0() -> None:
    X = np.random.default_rng(0).integers(0, 2, (200, 16))
    strict = fit_rbm_stack(X, [4], epochs=5, l1=5.0, random_state=0)
    np.testing.assert_array_equal(receptive_fields(strict), 0)


def test_equal_seeds_give_equal_machines_and_progress_ends_with_all() -> None:
    reports = []
    first, second = (
        fit_rbm_stack(
            blocks(100, 0),
            [4, 2],
            epochs=3,
            random_state=1,
            progress=lambda *counts: reports.append(counts),
        )
        for _ in range(2)
    )
    np.testing.assert_array_equal(first[1].components_, second[1].components_)
    assert reports[:6] == [(k, 6) for k in range(1, 7)]


def test_a_plot_shows_the_most_local_units_with_their_radii() -> None:
    fields = np.eye(16)[[3, 5, 6]] + 0.01
    figure = plot_receptive_fields(fields, (4, 4), most=2)
    assert len(figure.axes) == 3
    assert "lattice constants" in figure.get_suptitle()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hidden": []}, "hidden is empty"),
        ({"hidden": [0]}, "hidden = 0"),
        ({"epochs": 0}, "epochs"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"l1": -1}, "l1"),
        ({"X": [[0, 2]]}, "zeros and ones"),
    ],
)
def test_bad_arguments_are_refused(changes: dict, message: str) -> None:
    given = {"X": blocks(10, 0), "hidden": [2]} | changes
    with pytest.raises(InvalidProblemError, match=message):
        fit_rbm_stack(given.pop("X"), given.pop("hidden"), **given)


def test_fields_that_do_not_fit_the_lattice_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="fields has shape"):
        receptive_field_radius(np.ones((1, 15)), (4, 4))
    with pytest.raises(InvalidProblemError, match="shape"):
        uniform_radius((4,))
    with pytest.raises(InvalidProblemError, match="machines is empty"):
        receptive_fields([])
    with pytest.raises(InvalidProblemError, match="most"):
        plot_receptive_fields(np.ones((1, 16)), (4, 4), most=0)
