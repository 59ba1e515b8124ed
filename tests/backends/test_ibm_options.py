"""Options of IBM's client say what the description says, and nothing else is switched on."""

import warnings
from pathlib import Path

import pytest
from qiskit_ibm_runtime.executor_estimator.finalize_options import finalize_estimator_options
from qiskit_ibm_runtime.executor_estimator.utils import (
    resolve_noise_factors,
    validate_noise_factors,
)
from qiskit_ibm_runtime.options_models import EstimatorOptions, SamplerOptions

from qml_algos.backends.config import IBMConfig, load_config
from qml_algos.backends.ibm_options import estimator_options, sampler_options

ROOT = Path(__file__).parents[2]
HEAD, _, REST = (
    (ROOT / "hardware_configs" / "ibm_device.toml").read_text().partition("[mitigation]")
)
TAIL = REST[REST.index("[timing]") :]


@pytest.fixture
def described(tmp_path: Path):
    def load(mitigation: str) -> IBMConfig:
        file = tmp_path / "mine.toml"
        file.write_text(f"{HEAD}[mitigation]\n{mitigation}\n{TAIL}")
        config = load_config(file)
        assert isinstance(config, IBMConfig)
        return config

    return load


def test_every_job_has_its_limit_its_tag_and_its_shots(described) -> None:
    config = described("")
    for options in (sampler_options(config, "qml:1"), estimator_options(config, "qml:1")):
        assert options.max_execution_time == config.max_execution_time == 120
        assert options.environment.job_tags == ["qml:1"]
        assert options.environment.max_execution_time is None, "deprecated there"
    assert sampler_options(config, "qml:1").default_shots == config.limits.default_shots


def test_nothing_is_switched_on_unasked(described) -> None:
    config = described("")
    sampler = sampler_options(config, "t")
    estimator = finalize_estimator_options(estimator_options(config, "t"))
    for options in (sampler, estimator):
        assert options.dynamical_decoupling.enable is False
        assert options.twirling.enable_gates is False
        assert options.twirling.enable_measure is False
    assert estimator.resilience.measure_mitigation is False
    assert estimator.resilience.zne_mitigation is False
    assert estimator.resilience.pec_mitigation is False
    assert estimator.resilience_level == 0


@pytest.mark.parametrize("sequence", ["XX", "XpXm", "XY4"])
def test_decoupling_and_twirling_reach_both(described, sequence: str) -> None:
    config = described(
        f'dynamical_decoupling = "{sequence}"\n'
        "twirl_gates = true\ntwirl_measurements = true\nrandomizations = 48"
    )
    for options in (sampler_options(config, "t"), estimator_options(config, "t")):
        assert options.dynamical_decoupling.enable is True
        assert options.dynamical_decoupling.sequence_type == sequence
        assert options.twirling.enable_gates is True
        assert options.twirling.enable_measure is True
        assert options.twirling.num_randomizations == 48


def test_readout_mitigation_of_expectation_values_raises_no_warning_of_the_client(
    described,
) -> None:
    """It twirls measurements, of the estimator only."""
    config = described("measurement_mitigation = true")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        estimator = finalize_estimator_options(estimator_options(config, "t"))
    assert estimator.resilience.measure_mitigation is True
    assert estimator.twirling.enable_measure is True
    assert estimator.twirling.enable_gates is False
    assert sampler_options(config, "t").twirling.enable_measure is False


@pytest.mark.parametrize("extrapolator", ["linear", "exponential"])
def test_extrapolation_has_the_factors_and_the_fit_described(described, extrapolator: str) -> None:
    config = described(
        "zero_noise_extrapolation = true\nzne_noise_factors = [1, 1.5, 3]\n"
        f'zne_extrapolator = "{extrapolator}"'
    )
    zne = estimator_options(config, "t").resilience.zne
    assert zne.amplifier == "gate_folding", "others need a noise model learned beforehand"
    assert resolve_noise_factors(zne)[0].tolist() == [1, 1.5, 3]
    assert zne.extrapolator == extrapolator
    validate_noise_factors([1, 3], extrapolator)


def test_the_models_are_the_clients_own(described) -> None:
    config = described("twirl_gates = true")
    assert type(sampler_options(config, "t")) is SamplerOptions
    assert type(estimator_options(config, "t")) is EstimatorOptions
