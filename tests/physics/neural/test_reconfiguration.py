"""Natural gradients."""

import numpy as np
import pytest

from qml_algos.physics.neural.reconfiguration import natural_gradient

SHIFT = 1e-3


@pytest.mark.parametrize("complex_valued", [True, False])
@pytest.mark.parametrize("shape", [(5, 40), (40, 5), (12, 12)])
def test_solves_the_shifted_system_of_parameters_whichever_number_is_larger(
    shape: tuple[int, int], complex_valued: bool
) -> None:
    generator = np.random.default_rng(0)
    derivatives, energies = generator.normal(size=shape), generator.normal(size=shape[1])
    if complex_valued:
        derivatives = derivatives + 1j * generator.normal(size=shape)
        energies = energies + 1j * generator.normal(size=shape[1])
    direction, length = natural_gradient(derivatives, energies, SHIFT)
    centred = derivatives - derivatives.mean(axis=1, keepdims=True)
    S = centred.conj() @ centred.T / shape[1]
    F = centred.conj() @ energies / shape[1]
    shifted = S + SHIFT * np.trace(S) / shape[0] * np.eye(shape[0])
    assert np.allclose(shifted @ direction, F)
    assert length == pytest.approx(np.sqrt(np.vdot(direction, S @ direction).real))


def test_samples_that_are_all_alike_give_no_direction() -> None:
    direction, length = natural_gradient(np.ones((3, 8)), np.ones(8), SHIFT)
    assert not np.any(direction)
    assert length == 0
