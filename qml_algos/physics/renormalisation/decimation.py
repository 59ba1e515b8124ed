"""The Ising chain: half of its spins summed out, in closed form and by a Boltzmann machine."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

from qml_algos.errors import InvalidProblemError, TooLargeError
from qml_algos.physics.configurations import every_configuration, spins
from qml_algos.physics.neural.rbm import RBMState, log_two_cosh
from qml_algos.validation import numeric_array, require_count, require_positive

MOST_SPINS = 22
"""Fine and coarse spins together, whose configurations are summed over one by one."""


@overload
def decimate_1d(J: float) -> float: ...
@overload
def decimate_1d(J: NDArray[np.float64]) -> NDArray[np.float64]: ...
def decimate_1d(J: ArrayLike) -> float | NDArray[np.float64]:
    """Return the coupling after every second spin of an Ising chain was summed out.

    ``tanh J' = tanh(J)^2``, which is ``J' = ln(cosh 2J) / 2``: exactly the chain again.

    Parameters
    ----------
    J
        Coupling over temperature, of either sign; a number or an array.

    Raises
    ------
    InvalidProblemError
        If it is not real and finite.
    """
    couplings = numeric_array(J, "J")
    if couplings.dtype.kind == "c":
        raise InvalidProblemError("J is complex: a real coupling is needed")
    # Neither overflows for strong couplings nor cancels for weak ones.
    weak = np.log1p(2 * np.sinh(np.minimum(np.abs(couplings), 1)) ** 2) / 2
    strong = np.abs(couplings) + (np.log1p(np.exp(-4 * np.abs(couplings))) - np.log(2)) / 2
    found = np.where(np.abs(couplings) < 1, weak, strong)
    return float(found) if found.ndim == 0 else found


def chain_log_weights(spins_count: int, J: float) -> NDArray[np.float64]:
    """Logarithms of the Boltzmann weights of a ring, ``J sum s_j s_(j+1)``, for all configurations.

    Parameters
    ----------
    spins_count
        At least 2, at most 22; a ring of 2 has its bond twice.
    J
        Coupling over temperature.

    Returns
    -------
    numpy.ndarray
        Shape ``(2^spins_count,)``, in the order of `configurations.every_configuration`.
    """
    _require_ring("spins_count", spins_count)
    _require_few(spins_count)
    every = spins(every_configuration(spins_count))
    return np.asarray(float(J) * np.sum(every * np.roll(every, -1, axis=1), axis=1))


def decimation_machine(kept: int, J: float) -> RBMState:
    """Return the Boltzmann machine that is an Ising ring, with every second spin a hidden unit.

    Its amplitudes, not their squares, are the Boltzmann weights of the spins that are kept: summing
    over the hidden layer is the decimation, so that they are a ring's with coupling
    `decimate_1d(J) <decimate_1d>`, up to a factor that all share.

    Parameters
    ----------
    kept
        Visible spins, at least 2; as many are hidden, between them.
    J
        Coupling over temperature in the ring of all ``2 kept`` spins.
    """
    _require_ring("kept", kept)
    W = float(J) * (np.eye(kept) + np.roll(np.eye(kept), 1, axis=1))
    return RBMState(W, np.zeros(kept), np.zeros(kept))


def copying_machine(coarse: int, strength: float = 20.0) -> RBMState:
    """Return the machine whose hidden units copy every second visible spin.

    Parameters
    ----------
    coarse
        Hidden units; there are twice as many visible ones.
    strength
        Weight of the connection, above 0: a copy errs with the probability ``1 / (1 + exp(2
        strength))``, so that decimation by `renormalised` becomes exact as it grows.
    """
    _require_ring("coarse", coarse)
    require_positive("strength", strength)
    W = np.zeros((coarse, 2 * coarse))
    W[np.arange(coarse), 2 * np.arange(coarse)] = strength
    return RBMState(W, np.zeros(2 * coarse), np.zeros(coarse))


def renormalised(machine: RBMState, log_weights: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Renormalise with the hidden layer of a machine as the coarse spins.

    The coarse Hamiltonian is ``exp(-H'(h)) = sum_v exp(T(v, h) - H(v))``, with ``exp(T(v, h))`` the
    machine's probability of its hidden spins h given v. As that sums to 1, the partition function
    stays what it is, Kadanoff's condition for an exact transformation, for any weights; the visible
    biases, which it does not depend on, have no part in it.

    Parameters
    ----------
    machine
        Real.
    log_weights
        ``-H(v)`` of all configurations of the visible spins, shape ``(2^visible,)``.

    Returns
    -------
    numpy.ndarray
        ``-H'(h)``, shape ``(2^hidden,)``.

    Raises
    ------
    InvalidProblemError
        If shapes do not match or the machine is complex.
    TooLargeError
        If visible and hidden spins are more than 22.

    References
    ----------
    P. Mehta, D. J. Schwab, arXiv:1410.3831 (2014).
    """
    hidden, visible = machine.W.shape
    if machine.is_complex:
        raise InvalidProblemError("machine is complex: probabilities need real parameters")
    _require_few(hidden + visible)
    if np.shape(log_weights) != (2**visible,):
        raise InvalidProblemError(
            f"log_weights has shape {np.shape(log_weights)}: ({2**visible},) is needed, one for "
            "each configuration of the visible spins"
        )
    angles = spins(every_configuration(visible)) @ machine.W.T + machine.b
    rest = np.asarray(log_weights) - log_two_cosh(angles).sum(axis=1)
    coarse: list[Any] = [
        logsumexp(angles @ row + rest) for row in spins(every_configuration(hidden))
    ]
    return np.array(coarse)


def _require_ring(name: str, spins_count: object) -> None:
    require_count(name, spins_count)
    if spins_count == 1:
        raise InvalidProblemError(f"{name} = 1: a ring has at least 2 spins")


def _require_few(spins_count: int) -> None:
    if spins_count > MOST_SPINS:
        raise TooLargeError(
            f"{spins_count} spins: all configurations are summed over for at most {MOST_SPINS}"
        )
