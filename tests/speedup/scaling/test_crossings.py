"""Crossovers: the true one is inside the interval, and what is none says so."""

import json
import math
import re

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.speedup.scaling import ScalingFit, Terms, crossover, fit_law

SIZES = np.exp2(np.arange(2.0, 10.0))


def fit(costs: np.ndarray, seed: int, sizes: np.ndarray = SIZES, **options: object) -> ScalingFit:
    noise = 1 + 0.05 * np.random.default_rng(seed).standard_normal(len(sizes))
    return fit_law(sizes, costs * noise, random_state=seed, unit="s", **options)


def cube_of_logarithm(seed: int, **options: object) -> ScalingFit:
    return fit(0.1 * np.log2(SIZES) ** 3, seed, **options)


def linear(seed: int, factor: float = 1e-6, **options: object) -> ScalingFit:
    return fit(factor * SIZES, seed, **options)


def test_the_true_crossover_is_in_the_interval_of_two_fits() -> None:
    # The share is 0.93 or more (benchmarks/scaling_fits.py): 16 of 20 other seeds or fewer would
    # have a probability of 5 % at the most.
    sizes = np.geomspace(4, 256, 5)
    inside = 0
    for seed in range(20):
        quadratic = fit(1e-8 * sizes**2, seed, sizes, replicates=200)
        plain = fit(1e-2 * sizes, seed + 1000, sizes, replicates=200)
        found = crossover(plain, quadratic, points=129)
        inside += found.low <= 1e6 <= found.high
    assert inside >= 17


def test_a_fit_crosses_a_closed_form() -> None:
    found = crossover(cube_of_logarithm(0), lambda size: 1e-6 * size, names=("quantum", "direct"))
    assert found.outcome == "crosses"
    assert found.direction == "first"
    assert found.low < 3.14e9 < found.high
    assert found.size == pytest.approx(3.14e9, rel=0.5)
    assert found.seconds == pytest.approx(1e-6 * found.size)
    assert found.share_none == found.share_below == 0
    assert found.reason.startswith("quantum costs less than direct from ")


def test_two_closed_forms_cross_at_a_point() -> None:
    found = crossover(lambda size: 100 * size, lambda size: size**3)
    assert found.size == pytest.approx(10, rel=1e-6)
    assert found.low == pytest.approx(10, rel=1e-3)
    assert found.high == pytest.approx(10, rel=1e-3)
    assert found.low <= found.size <= found.high


def test_a_step_is_found_where_it_is() -> None:
    qubits_up = crossover(lambda size: 2.0 ** -math.ceil(math.log2(size)), lambda size: 0.003)
    assert qubits_up.size == pytest.approx(256, rel=1e-9)


def test_none_in_range_says_who_wins() -> None:
    found = crossover(linear(0), cube_of_logarithm(1).scaled(1e-9), names=("hhl", "cg"))
    assert (found.outcome, found.size, found.seconds) == ("none in range", None, None)
    assert found.low == found.high == math.inf
    assert found.to_json()["low"] is None
    assert found.direction == "second"
    assert found.reason == (
        "No crossover up to 1e+30: cg costs no more than hhl throughout; 100% of the replicates "
        "agree."
    )


def test_a_lead_that_is_lost_again_is_no_crossover() -> None:
    found = crossover(linear(0), cube_of_logarithm(1))
    assert found.outcome == "none in range"
    assert re.search(r"the second costs no more than the first beyond \d\.\de\+09", found.reason)


def test_a_crossover_below_the_smallest_size_measured_says_so() -> None:
    found = crossover(cube_of_logarithm(0).scaled(1e-9), linear(1))
    assert (found.outcome, found.size, found.direction) == ("already crossed", None, "first")
    assert found.low == found.high == 0
    assert found.smallest == 4
    assert "throughout, from 4 to 1e+30" in found.reason


def test_an_interval_may_end_in_none_and_says_how_often() -> None:
    # Two linear laws: noise alone decides whether they ever cross.
    found = crossover(linear(4, 1.3e-6), linear(5))
    assert found.high == math.inf
    assert 0.05 < found.share_none < 0.95
    written = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert written["high"] is None
    assert written["share_none"] == found.share_none


def test_fits_drawn_with_one_seed_do_not_err_together() -> None:
    # Replicate by replicate, the second would be the dearer one in all.
    once = linear(1)
    found = crossover(once, once.scaled(1.001))
    assert 0.2 < found.share_none < 0.8
    assert found == crossover(once, once.scaled(1.001))


def test_exponentials_are_compared_up_to_1e30() -> None:
    exponential = fit(1e-6 * 2 ** (SIZES / 50), 2)
    found = crossover(linear(3, 1.0), exponential)
    assert found.outcome == "crosses"
    assert found.size == pytest.approx(1520, rel=0.05)
    assert found.high < 2000
    assert crossover(exponential, linear(3, 1.0)).outcome == "none in range"


def test_a_coarse_grid_moves_no_end_of_an_interval() -> None:
    ends = [
        crossover(linear(3, 1.0), fit(1e-6 * 2 ** (SIZES / 50), 2), points=points)
        for points in (129, 1025)
    ]
    assert ends[0].low == pytest.approx(ends[1].low, rel=1e-3)
    assert ends[0].high == pytest.approx(ends[1].high, rel=1e-3)


def test_infinite_costs_lose_and_two_of_them_are_no_advantage() -> None:
    def never(size: float) -> float:
        return math.inf

    assert crossover(lambda size: size, never).outcome == "already crossed"
    assert crossover(never, lambda size: size).outcome == "none in range"
    assert crossover(never, never).outcome == "none in range"


def test_the_dominating_term_at_the_crossover_is_named() -> None:
    quantum = {"preparation": lambda size: 1e-6 * size**0.5, "algorithm": lambda size: 5.0}
    far = crossover(quantum, lambda size: 1e-9 * size)
    assert far.dominated_by == ("algorithm", "cost")
    assert far.size == pytest.approx(5.07e9, rel=0.01)
    slow = {**quantum, "algorithm": lambda size: 1e-5}
    assert crossover(slow, lambda size: 1e-9 * size).dominated_by[0] == "preparation"
    timings = fit(1e-4 + 5e-6 * SIZES, 0)
    assert crossover(timings, lambda size: 1e-6 * size**2).dominated_by[0] == "constant cost"


def test_terms_add_up_beyond_floating_point() -> None:
    terms = Terms({"gates": lambda size: 10**400, "shots": lambda size: 10**400, "none": float})
    assert terms.log_costs(np.array([0.0]))[0] == pytest.approx(math.log(2) + 400 * math.log(10))
    assert terms.shares(0.0)["gates"] == pytest.approx(0.5)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match=r"cost costs -1 at size 2: must be at least 0"):
        crossover(lambda size: -1, lambda size: size)
    with pytest.raises(InvalidProblemError, match=r"a, b cost nothing at size 2"):
        crossover({"a": lambda size: 0, "b": lambda size: 0}, lambda size: size)
    with pytest.raises(ValueError, match=r"largest = 1: must be above the smallest size, 2"):
        crossover(lambda size: size, lambda size: size, largest=1)
    with pytest.raises(InvalidProblemError, match="smallest = 0: must be a finite number above 0"):
        crossover(lambda size: size, lambda size: size, smallest=0)
    with pytest.raises(ValueError, match="confidence = 2: must lie strictly between 0 and 1"):
        crossover(lambda size: size, lambda size: size, confidence=2)
