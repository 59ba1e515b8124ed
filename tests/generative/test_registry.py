"""Density estimators by name."""

from dataclasses import replace

import numpy as np
import pytest

from qml_algos.errors import UnknownNameError, UnsuitableSolverError
from qml_algos.generative import CLASSICAL
from qml_algos.generative.data.families import draw_problem
from qml_algos.generative.registry import BONDED, MODELS, QUANTUM, make_model

PROBLEM = draw_problem("bars-and-stripes", 4, np.random.default_rng(0), samples=120)


@pytest.mark.parametrize("name", MODELS)
def test_every_model_has_one_interface(name: str) -> None:
    model = make_model(name, PROBLEM, bond_dimension=2, random_state=0)
    brief = {"rbm": {"max_epochs": 5}, "circuit": {"max_steps": 10}, "iqp": {"max_steps": 10}}
    model.set_params(**brief.get(name, {}))
    model.fit(PROBLEM.train.X, X_valid=PROBLEM.valid.X)
    logs = model.score_samples(PROBLEM.test.X)
    assert logs.shape == (PROBLEM.test.samples,)
    assert np.all(logs < 1e-9)
    assert model.sample(3, random_state=0).shape == (3, 4)


def test_options_reach_the_models_that_have_them() -> None:
    options = {"bond_dimension": 3, "random_state": 5, "verbose": True}
    for name in BONDED:
        model = make_model(name, PROBLEM, **options)
        assert (model.random_state, model.verbose, model.n_categories) == (5, True, (2,) * 4)
        network = model.start if name == "circuit" else model
        assert (network.bond_dimension, network.random_state) == (3, 5)
    assert make_model("chow-liu", PROBLEM, **options).get_params()["n_categories"] == (2,) * 4


def test_the_graph_of_a_factor_graph_model_is_the_chow_liu_tree() -> None:
    model = make_model("factor-graph", PROBLEM, random_state=0)
    tree = CLASSICAL["chow-liu"]().fit(PROBLEM.train.X)
    found = {frozenset(v for v, link in model.graph if link == which) for which in range(4, 7)}
    assert found == {frozenset((v, int(p))) for v, p in enumerate(tree.parents_) if p >= 0}
    assert [*model.conditioned] == [4, 5, 6]


def test_names_are_those_of_one_kind() -> None:
    assert not QUANTUM.keys() & CLASSICAL.keys()
    with pytest.raises(UnknownNameError, match=r"unknown model 'tea'; known: .*mps"):
        make_model("tea", PROBLEM)


def test_models_of_bits_refuse_more_categories() -> None:
    parts = [
        replace(part, categories=(3, 2, 2, 2))
        for part in (PROBLEM.train, PROBLEM.valid, PROBLEM.test)
    ]
    wide = replace(PROBLEM, train=parts[0], valid=parts[1], test=parts[2], truth=None)
    with pytest.raises(UnsuitableSolverError, match=r"made takes bits only: .* of 3 categories"):
        make_model("made", wide)
    assert make_model("mps", wide).n_categories == (3, 2, 2, 2)
