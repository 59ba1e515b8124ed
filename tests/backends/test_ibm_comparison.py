"""A comparison on a device: sequential, recorded, and paid for once."""

from __future__ import annotations

from typing import Any

import pytest

from qml_algos.speedup import compare

ASKED: dict[str, Any] = {
    "sizes": [2],
    "solvers": ["hhl", "direct"],
    "shots": 500,
    "epsilon": 0.05,
    "random_state": 0,
    "jobs": 2,
}


@pytest.fixture(scope="module")
def device_classes() -> tuple[str, ...]:
    return ("FakeBoston",)


def test_a_comparison_on_a_device_is_paid_for_once(world) -> None:
    first = compare("linear-systems", **ASKED, backend=world.open())
    again = compare("linear-systems", **ASKED, backend=world.open(), ledger=world.ledger)
    kept = compare("linear-systems", **ASKED, backend=world.open(), ledger=world.ledger)
    assert [row.status for row in first.rows] == ["measured", "measured"]
    assert first.rows[0].error == again.rows[0].error
    assert first.rows[0].gates_as_built == again.rows[0].gates_as_built is not None
    assert kept.rows == again.rows, "its points are read from the ledger"
    world.require_once(world.posts)


def test_a_device_is_not_held_to_the_limits_of_a_simulation(world) -> None:
    [row] = compare(
        "linear-systems", **{**ASKED, "solvers": ["hhl"]}, backend=world.open(), max_seconds=1e-9
    ).rows
    assert row.status == "measured"
