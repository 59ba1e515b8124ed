"""From a backend's description to the options of IBM's client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qml_algos.backends.config import IBMConfig

if TYPE_CHECKING:
    from qiskit_ibm_runtime.options_models import EstimatorOptions, SamplerOptions


def sampler_options(config: IBMConfig, tag: str) -> SamplerOptions:
    """Options of a sampler.

    Of the mitigation, dynamical decoupling and twirling apply; the rest is about expectation
    values.

    Parameters
    ----------
    config
        Description of the device.
    tag
        The job's tag, by which it can be found again.

    Returns
    -------
    qiskit_ibm_runtime.options_models.SamplerOptions
        With ``max_execution_time`` set, in seconds.
    """
    from qiskit_ibm_runtime.options_models import SamplerOptions

    return SamplerOptions(
        **_common(config, tag),
        default_shots=config.limits.default_shots,
        twirling=_twirling(config, measurements=config.mitigation.twirl_measurements),
    )


def estimator_options(config: IBMConfig, tag: str) -> EstimatorOptions:
    """Options of an estimator.

    Resilience level 0 with each technique switched by name: the levels' meaning may change with
    the client's version, and a level would switch on what the description does not mention.

    Parameters
    ----------
    config
        Description of the device.
    tag
        The job's tag, by which it can be found again.

    Returns
    -------
    qiskit_ibm_runtime.options_models.EstimatorOptions
        With ``max_execution_time`` set, in seconds.
    """
    from qiskit_ibm_runtime.options_models import EstimatorOptions

    mitigation = config.mitigation
    resilience: dict[str, Any] = {
        "measure_mitigation": mitigation.measurement_mitigation,
        "zne_mitigation": mitigation.zero_noise_extrapolation,
    }
    if mitigation.zero_noise_extrapolation:
        resilience["zne"] = {
            "amplifier": "gate_folding",
            "noise_factors": mitigation.zne_noise_factors,
            "extrapolator": mitigation.zne_extrapolator,
        }
    # TREX twirls measurements; the client warns if one switches that off.
    measurements = mitigation.twirl_measurements or mitigation.measurement_mitigation
    return EstimatorOptions(
        **_common(config, tag),
        resilience_level=0,
        resilience=resilience,
        twirling=_twirling(config, measurements=measurements),
    )


def _common(config: IBMConfig, tag: str) -> dict[str, Any]:
    sequence = config.mitigation.dynamical_decoupling
    decoupling = (
        {"enable": False} if sequence == "off" else {"enable": True, "sequence_type": sequence}
    )
    return {
        "max_execution_time": config.max_execution_time,
        "environment": {"job_tags": [tag]},
        "dynamical_decoupling": decoupling,
    }


def _twirling(config: IBMConfig, *, measurements: bool) -> dict[str, Any]:
    return {
        "enable_gates": config.mitigation.twirl_gates,
        "enable_measure": measurements,
        "num_randomizations": config.mitigation.randomizations or "auto",
    }
