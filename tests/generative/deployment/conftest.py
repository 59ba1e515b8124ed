"""Models with random cores: what they were trained on is of no concern here."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from qml_algos.generative.checks import Categories
from qml_algos.generative.mps.chain import orthonormalised
from qml_algos.generative.mps_born_machine import MPSBornMachine


def fitted_machine(
    sizes: Sequence[int],
    *,
    order: Sequence[int] | None = None,
    bond: int = 3,
    complex_entries: bool = False,
    seed: int = 0,
) -> MPSBornMachine:
    """A model of variables with so many categories."""
    generator = np.random.default_rng(seed)
    places = np.arange(len(sizes)) if order is None else np.asarray(order)
    bonds = [1, *[bond] * (len(sizes) - 1), 1]
    cores = []
    for variable, (left, right) in zip(places, itertools.pairwise(bonds), strict=True):
        core = generator.normal(size=(left, sizes[variable], right))
        cores.append(core + 1j * generator.normal(size=core.shape) if complex_entries else core)
    model = MPSBornMachine(bond)
    model.cores_ = orthonormalised(cores, bond)
    model.order_ = places
    model.categories_ = Categories(tuple(sizes))
    model.n_features_in_ = len(sizes)
    model.smoothing_, model.classical_ = 0.0, None
    return model


@pytest.fixture
def machine() -> Callable[..., MPSBornMachine]:
    return fitted_machine
