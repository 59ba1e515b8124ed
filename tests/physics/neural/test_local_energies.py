"""Local energies, against the Hamiltonian's matrix."""

import numpy as np
import pytest
from qiskit.quantum_info import SparsePauliOp

from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.hamiltonians import (
    SpinHamiltonian,
    haldane_shastry,
    heisenberg,
    toric_code,
    transverse_field_ising,
)
from qml_algos.physics.neural.local_energies import LocalEnergies
from qml_algos.physics.neural.rbm import RBMState
from qml_algos.physics.neural.sampler import Chains

MIXED = SpinHamiltonian(
    SparsePauliOp(
        ["IIII", "XYZI", "IXIY", "YIIZ", "ZZZI", "XXXY", "IIYY", "IIXX", "ZIXX"],
        [0.3, 0.7, -0.4, 0.9, 0.2, 0.5, 0.6, -0.6, 1.1],
    )
)
MODELS = {
    "Ising": transverse_field_ising(6, 0.7),
    "Heisenberg": heisenberg(6),
    "Heisenberg without signs": heisenberg(6).without_signs(),
    "Haldane-Shastry": haldane_shastry(6),
    "toric code": toric_code(2),
    "mixed": MIXED,
    "diagonal": SpinHamiltonian(SparsePauliOp(["ZZI", "IZZ"], [1.0, 2.0])),
}


@pytest.mark.parametrize("complex_valued", [True, False])
@pytest.mark.parametrize("name", MODELS)
def test_local_energies_are_those_of_the_matrix(name: str, complex_valued: bool) -> None:
    hamiltonian = MODELS[name]
    n = hamiltonian.qubits
    generator = np.random.default_rng(0)
    parts = [generator.normal(scale=0.3, size=shape) for shape in ((n, n), (n,), (n,))]
    if complex_valued:
        parts = [part + 0.2j * generator.normal(size=part.shape) for part in parts]
    chains = Chains(n, 2**n, generator, complex_valued=complex_valued)
    bits = every_configuration(n)
    chains.spins = spins(bits).T.astype(chains.spins.dtype)
    chains.take(*parts)
    amplitudes = RBMState(*parts).statevector()
    exact = hamiltonian.to_sparse() @ amplitudes / amplitudes
    found = LocalEnergies(hamiltonian.connections)(chains)
    assert np.allclose(found, exact, atol=1e-8 if complex_valued else 1e-4)


def test_elements_that_vanish_for_a_product_of_spins_are_left_out() -> None:
    assert len(LocalEnergies(heisenberg(6).connections).flips.first) == 6
    assert np.all(LocalEnergies(heisenberg(6).connections).flips.product == -1)
