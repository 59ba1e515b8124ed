"""Descent: ends early, keeps the best, and says what it saw."""

import numpy as np
import pytest

from qml_algos.generative.descent import CHECK_EVERY, Settings, descend


def bowl(parameters):
    return float(parameters @ parameters), 2 * parameters


def value(parameters):
    return bowl(parameters)[0]


def test_a_bowl_is_descended_and_every_look_reported() -> None:
    told = []
    found = descend(
        bowl, value, np.ones(3), Settings(0.1, 95, 50, 0.0), lambda *seen: told.append(seen)
    )
    assert value(found.parameters) == found.monitored.min() < 1e-3
    assert len(found.losses) == 95
    assert [step for step, _ in told] == [*range(CHECK_EVERY, 95, CHECK_EVERY), 95]
    np.testing.assert_array_equal([seen for _, seen in told], found.monitored[1:])


def test_without_progress_it_ends_and_the_start_is_kept() -> None:
    found = descend(
        bowl, lambda p: -value(p), np.ones(2), Settings(0.1, 500, 3, 1e-9), lambda *_: None
    )
    assert found.step == 0
    assert len(found.losses) == 3 * CHECK_EVERY
    np.testing.assert_array_equal(found.parameters, np.ones(2))


def test_progress_below_the_tolerance_does_not_count() -> None:
    found = descend(bowl, value, np.full(1, 0.5), Settings(1e-6, 500, 2, 0.01), lambda *_: None)
    assert len(found.losses) == 2 * CHECK_EVERY
    # The best is kept all the same.
    assert found.step == 2 * CHECK_EVERY
    assert found.parameters[0] == pytest.approx(0.5, abs=1e-4)
