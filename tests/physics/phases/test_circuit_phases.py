"""Snapshots of trained circuits show where the phases of the Ising ring meet."""

import re
from functools import partial

import numpy as np
import pytest

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.hamiltonians import transverse_field_ising
from qml_algos.physics.phases import (
    ConfusionScan,
    PhaseBoundaryClassifier,
    PhaseClusters,
    PhaseCurve,
    SpinAugmenter,
    SpinNetworkClassifier,
)
from qml_algos.physics.phases.boundary_plot import boundary_figure
from qml_algos.physics.phases.circuits import circuit_sweep

RING = partial(transverse_field_ising, 8)
LEARNT = (0.5, 1.6)


def boundary(snapshots) -> float:
    network = SpinNetworkClassifier(networks=2, augmenter=SpinAugmenter())
    found = PhaseBoundaryClassifier(network, transition=LEARNT, random_state=0)
    return found.fit(snapshots.bits, snapshots.labels).boundary_


@pytest.fixture(scope="module")
def sweep():
    return circuit_sweep(RING, [0.2, 0.4, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6, 1.8, 2.0])


def test_the_boundary_is_found_between_phases_that_were_not_learnt_from(sweep):
    """The standard error of the boundary is about 0.01: 0.8 and 1.1 are ten of them away."""
    snapshots = sweep.snapshots("aer", 300, random_state=0)
    assert 0.8 < boundary(snapshots) < 1.1
    parts = PhaseClusters(random_state=0).fit(snapshots.bits, snapshots.labels)
    assert parts.uniform_overlap_ > 0.999


def test_circuits_hold_the_ground_states_and_labels_are_the_fields(sweep):
    exact = [RING(field).reference.energy for field in sweep.parameters]
    np.testing.assert_allclose(sweep.energies, exact, rtol=1e-10)
    assert sweep.v_scores.max() < 1e-12
    snapshots = sweep.snapshots("aer", 3, random_state=0)
    np.testing.assert_array_equal(snapshots.labels, np.repeat(sweep.parameters, 3))
    assert "10 circuits of 8 qubits, parameter 0.2 to 2" in repr(sweep)


def test_a_sweep_is_in_ascending_order_and_tells_its_progress():
    calls = []
    found = circuit_sweep(
        partial(transverse_field_ising, 4), [1.5, 0.5], progress=lambda *a: calls.append(a)
    )
    np.testing.assert_array_equal(found.parameters, [0.5, 1.5])
    assert calls == [(1, 2), (2, 2)]


@pytest.mark.parametrize(
    ("model", "parameters", "message"),
    [
        (RING, [], "parameters is empty"),
        (RING, [1.0, 1.0], "a vector of different real numbers is needed"),
        (RING, 1.0, "parameters has shape ()"),
        (RING, [np.nan], "parameters contains NaN"),
        (lambda size: transverse_field_ising(int(size)), [4, 5], "the same number of qubits"),
    ],
)
def test_sweeps_that_are_none_are_refused_by_name(model, parameters, message):
    with pytest.raises(InvalidProblemError, match=re.escape(message)):
        circuit_sweep(model, parameters)


def test_the_figure_has_a_curve_for_each_source_and_names_its_axes(tmp_path):
    fields = np.linspace(0.2, 2, 5)
    rising = PhaseCurve(fields, np.linspace(0.1, 0.9, 5), np.full(5, 0.02))
    flat = PhaseCurve(fields, np.full(5, 0.55), np.full(5, 0.02))
    figure = boundary_figure(
        {"exact": rising, "noisy": flat}, {"exact": flat}, learnt=(0.5, 1.6), exact=1.0
    )
    left, right = figure.axes
    words = [text.get_text() for text in left.get_legend().get_texts()]
    assert {"exact: 1.10", "noisy: none"} <= set(words)
    assert left.get_xlabel() == "transverse field h / J"
    assert right.get_ylabel() == "accuracy of confused labels"
    figure.savefig(tmp_path / "figure.png")
    with pytest.raises(InvalidProblemError, match="curves is empty"):
        boundary_figure({})


@pytest.mark.slow
def test_noise_of_a_heron_processor_leaves_the_boundary_and_the_w_of_confusion():
    sweep = circuit_sweep(RING, np.linspace(0.2, 2.0, 19))
    noisy = sweep.snapshots("heron_r3", 1000, random_state=0)
    assert 0.8 < boundary(noisy) < 1.1
    exact = sweep.snapshots("aer", 1000, random_state=0)
    scan = ConfusionScan(random_state=0).fit(exact.bits, exact.labels)
    assert 0.8 < scan.transition_ < 1.1
    assert scan.prominence_ > 0.02
