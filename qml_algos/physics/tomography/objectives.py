"""What is minimised over the parameters of the machines of moduli and of phases."""

from __future__ import annotations

import numpy as np

from qml_algos.physics.tomography.likelihood import MeasuredAmplitudes
from qml_algos.physics.tomography.machines import (
    Vector,
    machine_of,
    pulled_back,
    values_and_slopes,
)


def state_objective(
    parameters: Vector, data: MeasuredAmplitudes, modulus_size: int, penalties: tuple[float, float]
) -> tuple[float, Vector]:
    """Negative mean log-likelihood of all outcomes, with all configurations listed.

    Parameters
    ----------
    parameters
        Of the modulus, then those of the phase, if there is one.
    data
        Outcomes; their configurations are all there are.
    modulus_size
        How many of the parameters are the modulus's.
    penalties
        Factors of the squared weights of both machines.

    Returns
    -------
    value, gradient
    """
    s = data.spins
    qubits = s.shape[1]
    modulus, phase = np.split(parameters, [modulus_size])
    moduli, slopes = values_and_slopes(machine_of(modulus, qubits), s)
    logs, phase_slopes = moduli, None
    if len(phase):
        angles, phase_slopes = values_and_slopes(machine_of(phase, qubits), s)
        logs = moduli + 1j * angles
    found, weights = data.log_likelihood(logs)
    densities, log_norm = normalised(moduli)
    weights = weights / data.samples
    gradient = pulled_back(s, slopes, weights.real - 2 * densities)
    if phase_slopes is not None:
        gradient = np.concatenate([gradient, pulled_back(s, phase_slopes, -weights.imag)])
    value = found / data.samples - log_norm
    return _penalised(value, gradient, parameters, modulus_size, qubits, penalties)


def phase_objective(
    parameters: Vector,
    data: MeasuredAmplitudes,
    moduli: Vector,
    penalty: float,
    coherence: float,
) -> tuple[float, Vector]:
    """Negative mean log-likelihood as a function of the phases alone, up to a constant.

    Parameters
    ----------
    parameters
        Of the phase.
    data
        Outcomes in bases other than Z.
    moduli
        Logarithms of the moduli, shape ``(configurations,)``.
    penalty
        Factor of the squared weights.
    coherence
        As in `MeasuredAmplitudes.log_likelihood`.

    Returns
    -------
    value, gradient
    """
    s = data.spins
    angles, slopes = values_and_slopes(machine_of(parameters, s.shape[1]), s)
    found, weights = data.log_likelihood(moduli + 1j * angles, coherence)
    gradient = pulled_back(s, slopes, -weights.imag / data.samples)
    size = len(parameters)
    return _penalised(found / data.samples, gradient, parameters, size, s.shape[1], (penalty, 0.0))


def normalised(moduli: Vector) -> tuple[Vector, float]:
    """Squares of the moduli over their sum, and the logarithm of the sum, from logarithms."""
    # The function of SciPy takes as long as all the rest at 8 qubits.
    shift = moduli.max()
    squares = np.exp(2 * (moduli - shift))
    total = squares.sum()
    return squares / total, float(2 * shift + np.log(total))


def _penalised(
    value: float,
    gradient: Vector,
    parameters: Vector,
    modulus_size: int,
    qubits: int,
    penalties: tuple[float, float],
) -> tuple[float, Vector]:
    """Change the sign of a mean log-likelihood and add the penalties of the weights."""
    value, gradient = -value, -gradient
    start = 0
    for size, penalty in zip(
        (modulus_size, len(parameters) - modulus_size), penalties, strict=True
    ):
        hidden = max(size - qubits, 0) // (qubits + 1)
        chosen = slice(start, start + hidden * qubits)
        value += penalty * float(parameters[chosen] @ parameters[chosen])
        gradient[chosen] += 2 * penalty * parameters[chosen]
        start += size
    return value, gradient
