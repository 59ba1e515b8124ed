import numpy as np
import pytest

from qml_algos.physics.ising import IsingConfigurations, make_ising_configurations


@pytest.fixture(scope="session")
def ising() -> IsingConfigurations:
    """1,620 configurations of the 24 x 24 lattice from T = 1.62 to 2.92."""
    return make_ising_configurations(
        24, np.arange(1.62, 2.925, 0.05), 60, replicas=3, thermalisation=30, random_state=5
    )
