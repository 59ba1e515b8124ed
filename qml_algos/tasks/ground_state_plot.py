"""A ground state as a figure: its energy on the way, and how its spins follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qml_algos.speedup.layout import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qml_algos.tasks.ground_state_result import GroundStateResult

_SMALLEST = 1e-14
"""Relative errors below are drawn here: they are rounding."""


def ground_state_figure(result: GroundStateResult) -> Figure:
    """Draw the energy of each step against the exact one, and correlations beside the exact ones.

    Parameters
    ----------
    result
        Without steps there is no first panel; without a state no second one.
    """
    from matplotlib.figure import Figure

    panels = [
        draw
        for draw, wanted in (
            (_draw_energies, result.energies is not None),
            (_draw_correlations, result.correlations is not None),
        )
        if wanted
    ] or [_draw_energy]
    figure = Figure(figsize=(6 * len(panels), 4.4), layout="constrained", facecolor="white")
    for axes, draw in zip(figure.subplots(1, len(panels), squeeze=False).flat, panels, strict=True):
        draw(axes, result)
        axes.grid(color="#dddddd", linewidth=0.8)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False)
    figure.suptitle(f"{result.hamiltonian}: {result.solver}")
    return figure


def _draw_energies(axes: Axes, result: GroundStateResult) -> None:
    from matplotlib.ticker import MaxNLocator

    assert result.energies is not None
    steps = np.arange(1, len(result.energies) + 1)
    axes.set_xlabel("step")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if not result.exact:
        axes.plot(steps, result.energies, color=COLOURS[0], label=result.solver)
        axes.set_ylabel("energy, in units of the coupling")
        return
    above = np.abs(result.energies - result.exact) / abs(result.exact)
    axes.semilogy(
        steps, np.maximum(above, _SMALLEST), ".-", color=COLOURS[0], label=f"{result.solver}, E"
    )
    if result.error is not None:
        axes.axhline(
            max(result.error, _SMALLEST), color=COLOURS[1], linestyle="--", label="at the end"
        )
    axes.set_ylabel("relative distance from the exact energy")
    axes.set_title(f"E = {result.energy.value:.9g}, exact {result.exact:.9g}")


def _draw_correlations(axes: Axes, result: GroundStateResult) -> None:
    from matplotlib.ticker import MaxNLocator

    assert result.correlations is not None
    places = np.arange(1, result.qubits)
    if result.exact_correlations is not None:
        axes.plot(places, result.exact_correlations[1:], color="#555555", label="exact")
    axes.plot(places, result.correlations[1:], "o", color=COLOURS[0], label=result.solver)
    axes.set_xlabel("spin r")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel(r"correlation $\langle Z_0 Z_r \rangle$")
    if result.fidelity is not None:
        axes.set_title(f"fidelity {result.fidelity:.6f}")


def _draw_energy(axes: Axes, result: GroundStateResult) -> None:
    energy = result.energy
    axes.errorbar(
        [0], [energy.value], [energy.standard_error], fmt="o", color=COLOURS[0], label=result.solver
    )
    if result.exact is not None:
        axes.axhline(result.exact, color="#555555", label="exact")
    axes.set_xticks([])
    axes.set_ylabel("energy, in units of the coupling")
