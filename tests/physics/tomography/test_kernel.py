import numpy as np
import pytest
from sklearn.svm import SVC

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.snapshots import Snapshots
from qml_algos.physics.tomography import shadow_kernel

FIELDS = np.array([0.2, 0.4, 0.6, 0.8, 0.9, 1.2, 1.5, 1.8, 2.0])


@pytest.fixture(scope="module")
def shadows(drawn, ising):
    generator = np.random.default_rng(0)
    return [
        drawn(ising(8, field), generator.integers(0, 3, (300, 8)), 1, place)
        for place, field in enumerate(FIELDS)
    ]


def test_shadows_tell_the_phases_of_fields_between_those_learnt(shadows):
    gram = shadow_kernel(shadows)
    learnt = (FIELDS <= 0.6) | (FIELDS >= 1.5)
    labels = FIELDS > 1
    machine = SVC(kernel="precomputed", C=100).fit(gram[np.ix_(learnt, learnt)], labels[learnt])
    assert machine.score(gram[:, learnt], labels) == 1


def test_the_kernel_is_that_of_the_matrices_of_the_inverted_channel():
    generator = np.random.default_rng(1)
    states = [
        Snapshots(generator.integers(0, 2, (4, 2)), generator.integers(0, 3, (4, 2)))
        for _ in range(2)
    ]

    def matrices(snapshots):
        U = snapshots.rotations[snapshots.bases]
        rows = np.take_along_axis(U, snapshots.bits[..., None, None].astype(int), axis=2)[:, :, 0]
        return 3 * rows.conj()[..., :, None] * rows[..., None, :] - np.eye(2)

    first, second = map(matrices, states)
    traces = np.einsum("tiab,uiba->tui", first, second).real.mean(axis=2)
    expected = np.exp(0.5 * np.exp(0.8 * traces).mean())
    gram = shadow_kernel(states, tau=0.5, gamma=0.8)
    assert gram[0, 1] == pytest.approx(expected)
    assert np.allclose(gram, gram.T)
    assert np.allclose(shadow_kernel(states, states, tau=0.5, gamma=0.8), gram)
    assert shadow_kernel(states[:1], states).shape == (1, 2)


def test_the_gram_matrix_is_positive_semidefinite(shadows):
    assert np.linalg.eigvalsh(shadow_kernel(shadows)).min() > -1e-9


def test_bad_input_is_refused_by_name():
    one = Snapshots([[0, 1]], [[0, 2]])
    wide = Snapshots([[0, 1, 1]], [[0, 2, 1]])
    for a, b, message in (
        ([], None, "a must be a list"),
        (one, None, "a must be a list"),
        ([one], one, "b must be a list"),
        ([one, wide], None, "2 and 3 qubits"),
        ([one], [wide], "b has 3 qubits, a 2"),
        (["01"], None, "type str"),
    ):
        with pytest.raises(InvalidProblemError, match=message):
            shadow_kernel(a, b)
    for name in ("tau", "gamma"):
        with pytest.raises(InvalidProblemError, match=name):
            shadow_kernel([one], **{name: 0})
