"""How often a device executes the circuits of a PUB, mitigation included; costs follow from it."""

from __future__ import annotations

from math import ceil

from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.primitives.containers.sampler_pub import SamplerPub
from qiskit.quantum_info import PauliList

from qml_algos.backends.config import BackendConfig, IBMConfig, Mitigation

# What IBM's client takes where 'randomizations' is not given.
_MOST_RANDOMIZATIONS = 32
_LEAST_SHOTS_EACH = 64

# Projectors are measured in the basis that they belong to.
_BASES = str.maketrans("01+-rl", "ZZXXYY")


def twirls_samples(config: BackendConfig) -> bool:
    """Whether samples are taken from random circuits, so that there may be more than asked for."""
    return isinstance(config, IBMConfig) and (
        config.mitigation.twirl_gates or config.mitigation.twirl_measurements
    )


def shots_of_sampler(config: BackendConfig, shots: int) -> int:
    """Shots of one parameter set that are paid for."""
    if isinstance(config, IBMConfig) and twirls_samples(config):
        return _rounded(config.mitigation, shots)
    return shots


def executions_of_sampler(config: BackendConfig, pub: SamplerPub) -> int:
    """Count the executions of a PUB of samples."""
    return int(pub.size) * shots_of_sampler(config, int(pub.shots))


def executions_of_estimator(config: BackendConfig, pub: EstimatorPub) -> int:
    """Count the executions of a PUB of expectation values.

    Every basis for every parameter set, at every noise factor, and once more to learn the readout
    errors, where these are on.
    """
    labels = {label for items in pub.observables.ravel().tolist() for label in items}
    measured = sorted(label.translate(_BASES) for label in labels if set(label) != {"I"})
    bases = len(PauliList(measured).group_commuting(qubit_wise=True)) if measured else 1
    circuits = int(pub.parameter_values.size) * bases
    shots = ceil(pub.precision**-2)
    if not isinstance(config, IBMConfig):
        return circuits * shots
    mitigation = config.mitigation
    if twirls_samples(config) or mitigation.measurement_mitigation:
        shots = _rounded(mitigation, shots)
    if mitigation.zero_noise_extrapolation:
        circuits *= len(mitigation.zne_noise_factors)
    return (circuits + mitigation.measurement_mitigation) * shots


def _rounded(mitigation: Mitigation, shots: int) -> int:
    """Shots after they were shared out evenly among random circuits."""
    if mitigation.randomizations is not None:
        return mitigation.randomizations * ceil(shots / mitigation.randomizations)
    each = max(_LEAST_SHOTS_EACH, ceil(shots / _MOST_RANDOMIZATIONS))
    return each * ceil(shots / each)
