"""Pictures of reconstructed states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qml_algos.errors import InvalidProblemError
from qml_algos.physics.configurations import numbers_of
from qml_algos.physics.snapshots.snapshots import Snapshots
from qml_algos.physics.states.fidelities import fidelity
from qml_algos.physics.states.statevector import statevector_of
from qml_algos.physics.states.wave_function import WaveFunction
from qml_algos.physics.tomography.histogram import histogram_fidelity
from qml_algos.physics.tomography.likelihood import measured_amplitudes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_VISIBLE = 0.05
"""Of the largest modulus: what is smaller has no phase worth showing."""
_FOUND, _COUNTED, _IDEAL = "#0072b2", "#e69f00", "#777777"


def reconstruction_figure(
    target: WaveFunction | ArrayLike,
    state: WaveFunction | ArrayLike,
    snapshots: Snapshots | None = None,
) -> Figure:
    """Plot reconstructed amplitudes against true ones: moduli, and phases where there are any.

    Parameters
    ----------
    target, state
        The true state and the reconstructed one, of the same qubits.
    snapshots
        Whose counts in the Z basis are shown beside, if given.

    Raises
    ------
    InvalidProblemError
        If the states or the snapshots differ in the number of qubits.
    """
    from matplotlib.figure import Figure

    true, found = statevector_of("target", target), statevector_of("state", state)
    reached = fidelity(target, state)
    complex_valued = np.iscomplexobj(true) or np.iscomplexobj(found)
    figure = Figure(figsize=(9.6 if complex_valued else 5.0, 4.6), layout="constrained")
    axes = figure.subplots(1, 2 if complex_valued else 1, squeeze=False)[0]
    if snapshots is not None:
        if snapshots.qubits != len(true).bit_length() - 1:
            raise InvalidProblemError(
                f"snapshots has {snapshots.qubits} qubits, target {len(true).bit_length() - 1}: "
                "they need the same"
            )
        moduli = _counted_moduli(snapshots, len(true))
        label = f"counts, fidelity {histogram_fidelity(snapshots, true):.3f} with phases given"
        axes[0].plot(np.abs(true), moduli, "s", ms=8, mfc="none", color=_COUNTED, label=label)
    label = f"reconstructed, fidelity {reached:.3f}"
    axes[0].plot(np.abs(true), np.abs(found), "o", ms=4, color=_FOUND, alpha=0.8, label=label)
    _compare(axes[0], "modulus of the amplitude", 0.0, 1.08 * float(np.abs(true).max()))
    axes[0].legend(loc="upper left", fontsize="small", frameon=False)
    if complex_valued:
        _draw_phases(axes[1], true, found)
    return figure


def _draw_phases(axes: Any, true: NDArray[Any], found: NDArray[Any]) -> None:
    shown = np.abs(true) > _VISIBLE * np.abs(true).max()
    # One factor is free: the one that makes the overlap positive.
    found = found * np.exp(-1j * np.angle(np.vdot(true, found)))
    angles = np.angle(true[shown])
    # Beside the line, not across the picture, where both sides of the cut are met.
    other = angles + np.angle(found[shown] / true[shown])
    axes.plot(angles, other, "o", ms=4, color=_FOUND, alpha=0.8)
    _compare(axes, "phase of the amplitude (rad)", -1.1 * np.pi, 1.1 * np.pi)


def _compare(axes: Any, what: str, low: float, high: float) -> None:
    axes.plot([low, high], [low, high], color=_IDEAL, lw=1, zorder=0)
    axes.set(xlabel=f"true {what}", ylabel=f"reconstructed {what}", xlim=(low, high))
    axes.set_ylim(bottom=low)


def _counted_moduli(snapshots: Snapshots, size: int) -> NDArray[np.float64]:
    s, shares = measured_amplitudes(snapshots, every=False).in_z()
    moduli = np.zeros(size)
    moduli[numbers_of(s < 0)] = np.sqrt(shares)
    return moduli
