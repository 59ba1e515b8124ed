"""Backends: where circuits run."""

from __future__ import annotations

from pathlib import Path

from qml_algos.backends.base import Backend
from qml_algos.backends.config import (
    PENNYLANE_SIMULATORS,
    AerConfig,
    IBMConfig,
    NoisyConfig,
    PennyLaneConfig,
    load_config,
    shipped_names,
)
from qml_algos.backends.jobs.ledger import Ledger
from qml_algos.backends.jobs.recorder import Recorder
from qml_algos.backends.recorded import RecordedBackend

__all__ = ["Backend", "Ledger", "Recorder", "backend", "shipped_names"]


def backend(name_or_path: str | Path | Backend, *, recorder: Recorder | None = None) -> Backend:
    """Open a backend.

    Parameters
    ----------
    name_or_path
        Name of a shipped backend (``qml-algos backends`` lists them) or path of a TOML file.
        ``"aer"``, the exact simulator, needs neither account nor configuration. An opened backend
        is returned as it is.
    recorder
        Records what is sampled, and reads it where it is recorded already. Devices always have
        one, by default with the user's ledger; simulators only if it is given.

    Returns
    -------
    Backend

    Raises
    ------
    UnknownNameError
        If there is no such backend; the message lists the known ones.
    ConfigError
        If the file is missing, malformed or holds a value that is not allowed.
    """
    if isinstance(name_or_path, Backend):
        return name_or_path
    config = load_config(name_or_path)
    if isinstance(config, IBMConfig):
        from qml_algos.backends.ibm import IBMBackend

        return IBMBackend(config, recorder)
    local = _local(config)
    if recorder is None and _may_cost(config):
        recorder = Recorder(Ledger())
    return local if recorder is None else RecordedBackend(local, recorder)


def _may_cost(config: AerConfig | NoisyConfig | PennyLaneConfig) -> bool:
    """Whether a plugin may send circuits elsewhere, so that what came back must be kept."""
    return isinstance(config, PennyLaneConfig) and config.device not in PENNYLANE_SIMULATORS


def _local(config: AerConfig | NoisyConfig | PennyLaneConfig) -> Backend:
    if isinstance(config, AerConfig):
        from qml_algos.backends.aer import AerBackend

        return AerBackend(config)
    if isinstance(config, NoisyConfig):
        from qml_algos.backends.noisy import NoisyBackend

        return NoisyBackend(config)
    from qml_algos.backends.pennylane import PennyLaneBackend

    return PennyLaneBackend(config)
