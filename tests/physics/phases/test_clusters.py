import numpy as np
import pytest
from sklearn.utils.estimator_checks import check_estimator

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.ising import IsingConfigurations
from qml_algos.physics.phases import PhaseClusters


@pytest.fixture(scope="module")
def fitted(ising: IsingConfigurations) -> PhaseClusters:
    return PhaseClusters(random_state=0).fit(ising.bits, ising.temperatures)


def test_the_leading_component_is_the_uniform_magnetisation(
    fitted: PhaseClusters, ising: IsingConfigurations
) -> None:
    assert fitted.uniform_overlap_ > 0.999
    magnetisation = 1 - 2 * ising.bits.mean(axis=1)
    assert abs(np.corrcoef(fitted.scores_[:, 0], magnetisation)[0, 1]) > 0.9999
    first, second = fitted.explained_variance_ratio_
    assert first / second > 10


def test_boundary_and_susceptibility_are_above_the_transition_and_close(
    fitted: PhaseClusters,
) -> None:
    assert 2.25 < fitted.boundary_ < 2.6
    assert 2.25 < fitted.susceptibility_peak_ < 2.5


def test_order_falls_and_disorder_rises(fitted: PhaseClusters) -> None:
    assert fitted.order_.values[0] > 0.95
    assert fitted.order_.values[-1] < 0.2
    assert fitted.disorder_.values[0] == 0
    assert fitted.disorder_.values[-1] > 0.9


def test_labels_need_no_parameter(fitted: PhaseClusters, ising: IsingConfigurations) -> None:
    blind = PhaseClusters(random_state=0).fit(ising.bits)
    assert np.array_equal(blind.labels_, fitted.labels_)
    assert not hasattr(blind, "boundary_")


def test_new_samples_get_the_same_coordinates(
    fitted: PhaseClusters, ising: IsingConfigurations
) -> None:
    assert fitted.transform(ising.bits[:5]) == pytest.approx(fitted.scores_[:5], abs=1e-9)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (PhaseClusters(0), "n_components"),
        (PhaseClusters(n_clusters=1), "n_clusters"),
        (PhaseClusters(n_clusters=2.5), "n_clusters"),
    ],
)
def test_bad_parameters_are_refused_by_name(model: PhaseClusters, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        model.fit(np.eye(5))


def test_samples_that_are_all_alike_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="all the same"):
        PhaseClusters().fit(np.ones((5, 3)))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning")
def test_it_keeps_scikit_learns_contract() -> None:
    # Some checks set the number of clusters to 1, which is refused.
    names = (
        *("dont_overwrite_parameters", "methods_subset_invariance", "fit2d_1sample"),
        *("fit2d_1feature", "fit2d_predict1d"),
    )
    check_estimator(
        PhaseClusters(), expected_failed_checks={f"check_{n}": "n_clusters = 1" for n in names}
    )
