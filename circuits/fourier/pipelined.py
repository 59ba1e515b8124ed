r"""The Fourier transform on a line, without swaps, each output setting out before the last is back.

In `circuits.fourier.line` a ladder of CX takes the output :math:`y_t` down its window and back up,
and only then does the next output start. Here it starts while the last one is still below. With
``lag`` 1, one site below t still holds the output above when :math:`y_t` is born. From site
t + 1 downwards the sites hold

.. math:: y_{t+1},\ y_t,\ y_{t+1} \oplus x_{t-1},\ x_{t-1} \oplus x_{t-2},\
          x_{t-2} \oplus x_{t-3},\ \dots

Site t becomes the *switch* :math:`y_{t+1} \oplus y_t`, and one CX from it turns
:math:`y_{t+1} \oplus x_{t-1}` into :math:`y_t \oplus x_{t-1}`, from where a ladder goes down:

.. math:: y_{t+1},\ y_{t+1} \oplus y_t,\ y_t \oplus x_{t-1},\ y_t \oplus x_{t-2},\
          y_t \oplus x_{t-3},\ \dots

Coming back it stops below site t - 2. The switch becomes :math:`y_t` again, and a CX from it
leaves :math:`x_{t-1}` in the clear:

.. math:: y_{t+1},\ y_t,\ x_{t-1},\ y_t \oplus x_{t-2},\ x_{t-2} \oplus x_{t-3},\ \dots

which is where the next output begins. With lag 2 the switch is passed on to site t - 1 before it
is used, two CX more, and the ladder comes back to one site less before the next may follow.

*Merged gates.* The CX that clears :math:`x_t`, the Hadamard gate and the first CX of
:math:`y_t` act on the same two sites and together are equivalent to one CX.

*The turn.* A ladder to site b would end with a CX from b + 1 to b, twice. Instead site b + 1 is
made :math:`x_{b+2} \oplus x_b` beforehand, by a CX from b. The ladder makes
:math:`y_t \oplus x_b` of it, and the same CX again :math:`y_t \oplus x_{b+1}`. As many gates,
but one layer less on the way.

*The link.* Differences are made from the bottom upwards, so that all of them take n layers
before the first output. One of them, the link, is therefore left out at first, and those above
and those below are made at the same time. A ladder from the top makes it when outputs are about
to need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from qiskit import QuantumCircuit

from circuits.fourier.approximation import Windows
from circuits.fourier.parity import (
    add_phase,
    global_phase,
    input_phase,
    output_phase,
    parity_phase,
)

Lags = tuple[int, ...]
"""How many sites below each qubit hold the output above when its own is born."""


class Step(NamedTuple):
    """What happens to one or two sites.

    ``"cx"``: CX from ``site`` to ``other``. ``"h"``: Hadamard gate. ``"parity"``: the phase of
    output ``other``, whose parity with an input, ``distance`` below, is on the site. ``"switch"``:
    CX from other to site, H on the site, the same CX. ``"hand_back"``: CX from site to other, H on
    the site, CX from other to site.
    """

    kind: Literal["cx", "h", "parity", "switch", "hand_back"]
    site: int
    other: int = -1
    distance: int = 0


def pipelined_qft(windows: Windows) -> QuantumCircuit:
    r"""Build the transform for a line with few gates and, for small windows, in little depth.

    Parameters
    ----------
    windows
        How many inputs each output meets, see `circuits.fourier.approximation`. Gates are spent
        on the two nearest ones even if they are left out.

    Returns
    -------
    QuantumCircuit
        CX between neighbours only. Nothing moves; the bits of k are left reversed.

        An output with a window w takes ``2 w`` CX with lag 1, ``2 w + 2`` with lag 2; differences
        add at most ``n - 2`` and the link ``2 w``. Outputs follow one another every
        ``max(3, 2 w - 3)`` layers with lag 1 (5 for w = 4), every ``max(6, 2 w - 5)`` with lag 2,
        and when the two take turns every 4.5 layers for w = 4 and every 6 for w = 5. Lags are
        chosen by the window, the link by trying.

    Notes
    -----
    For a process infidelity of 1e-2 and n = 8, 16, 32 and 64: 45, 136, 337 and 770 gates in 27,
    75, 180 and 402 layers, against 44, 122, 304 and 694 gates, nearly all of them one after the
    other, of the plain ladder. For windows of about eight or more outputs had better pass the
    inputs, all of them or the low ones, see `circuits.fourier.twine` and `circuits.fourier.hybrid`:
    fewer layers, but more gates.

    How far from the best this is was asked of a satisfiability solver, for circuits that repeat
    when moved down by some sites (gates down to w + 2 sites below an output and up to 3 above,
    outputs alone above these and differences below). Moved by one site none has a period shorter
    than 5, 6 and 7 layers for windows of 4, 5 and 6: what one lag for all reaches here. Moved by
    two sites, there is one of 11 layers and 29 gates for a window of 5, one layer less than here.
    """
    return upper_circuit(windows, pipelined_steps(windows))


def pipelined_steps(windows: Windows, lowest: int = 0) -> list[Step]:
    """Return the steps of the circuit of least two-qubit depth among all links and lags tried.

    Parameters
    ----------
    windows
        As for `pipelined_qft`.
    lowest
        Where to stop: this is the last output. If there are inputs below, the first of them is
        left in the clear, the others as differences with the one above.
    """
    n = len(windows)
    plans = {plan for lags in _lags(windows, lowest) for plan in _plans(windows, lags, lowest)}
    candidates = (_steps(windows, lags, link, lowest) for lags, link in sorted(plans))
    return min(candidates, key=lambda steps: (_depth(n, steps), len(steps)))


def _lags(windows: Windows, lowest: int) -> Iterator[Lags]:
    """Lag 1 for small windows, 2 for large ones, 2 or the two in turn between them."""
    for between in ((1, 2), (2, 1), (2, 2)):
        lags = [1 if w < 4 else 2 if w > 5 else between[t % 2] for t, w in enumerate(windows)]
        if lowest:
            lags[lowest - 1 : lowest + 1] = 0, 1
        yield tuple(lags)


def _plans(windows: Windows, lags: Lags, lowest: int) -> Iterator[tuple[Lags, int]]:
    """Yield lags without a link, which is link -1, and with each that may be worth its gates."""
    yield lags, -1
    n = len(windows)
    reach = _reach(windows, lags)
    for link in _promising_links(windows):
        # Outputs from here upwards can do without the link.
        last = 1 + max(t for t in range(n) if t - reach[t] <= link)
        # The one below makes the link.
        if lowest < last < n - 1:
            yield (*lags[: last - 1], 0, 1, *lags[last + 1 :]), link


def _promising_links(windows: Windows) -> range:
    """Links at about the site that the differences below reach when it is needed.

    It is needed after as many layers as there are differences above, and one period for each
    output that they are enough for.
    """
    n, widest = len(windows), max(windows)
    period = max(6, 2 * widest - 5)
    above = (n + period * (widest + 1)) // (period + 1)
    return range(max(2, n - above - 5), n - above + 4)


def _reach(windows: Windows, lags: Lags) -> list[int]:
    """How far each ladder goes down, for its own window or for what the next output expects."""
    needed = (max(w, lags[t], lags[t - 1] + 1) for t, w in enumerate(windows))
    return [min(t, sites) for t, sites in enumerate(needed)]


def _steps(windows: Windows, lags: Lags, link: int, lowest: int) -> list[Step]:
    """Return the circuit with these lags and that link, down to the lowest output."""
    n = len(windows)
    reach = _reach(windows, lags)
    steps = [Step("cx", c + 1, c) for c in range(n - 1 - lags[-1]) if c != link]
    for t in reversed(range(lowest, n)):
        steps += _birth(n, t, lags, link)
        if t:
            steps += _descent(n, t, windows[t], reach[t], lags)
    return [*steps, _clearing(lowest - 1, lags)] if lowest else steps


def _birth(n: int, t: int, lags: Lags, link: int) -> list[Step]:
    """Clear an input, make it an output and, unless there is none above, a switch."""
    if t == n - 1:
        return [Step("h", t)]
    if t and lags[t]:
        return [Step("hand_back" if lags[t + 1] == 2 else "switch", t, t + 1)]
    linking = [] if t == 0 else _linking(t, link)
    return [_clearing(t, lags), *linking, Step("h", t)]


def _clearing(t: int, lags: Lags) -> Step:
    """CX by which the output above leaves an input: from it or, after lag 2, back to it."""
    return Step("cx", t, t + 1) if lags[t + 1] == 2 else Step("cx", t + 1, t)


def _linking(top: int, link: int) -> list[Step]:
    """Make the difference left out, by way of inputs in the clear, and leave one of these."""
    down = [Step("cx", site, site - 1) for site in range(top, link, -1)]
    return down + [Step("cx", site, site - 1) for site in range(link + 2, top)]


def _descent(n: int, t: int, window: int, reach: int, lags: Lags) -> list[Step]:
    """Take an output down its ladder and back, up to the CX that clears the next input."""
    lag, next_lag, bottom = lags[t], lags[t - 1], t - reach
    steps: list[Step] = []

    def meet(site: int, c: int) -> None:
        if t - c <= window:
            steps.append(Step("parity", site, t, t - c))

    if lag == 2:
        steps.append(Step("cx", t - 1, t))
    else:
        steps.append(Step("cx", t, t - 1))
    meet(t if lag == 2 else t - 1, t - 1)
    if lag == 2:
        steps.append(Step("cx", t, t - 1))
    # Sites above hold outputs already, or are to be left with one.
    turns = reach > 3 or (reach == 3 and lag < 2 and next_lag < 2)
    lowest = bottom + 1 if turns else bottom
    if turns:
        steps.append(Step("cx", bottom, bottom + 1))
    for site in range(t - 2, lowest - 1, -1):
        steps.append(Step("cx", site + 1, site))
        meet(site, bottom if turns and site == lowest else site)
    if turns:
        steps.append(Step("cx", bottom, bottom + 1))
        meet(bottom + 1, bottom + 1)
    steps += [Step("cx", site + 1, site) for site in range(lowest, t - 1 - next_lag)]
    switched = lag > 0 and t < n - 1
    if switched:
        steps.append(Step("cx", t + 1, t))
    if lag == 2:
        steps.append(Step("cx", t, t - 1))
        if switched:
            steps.append(Step("cx", t + 1, t))
    return steps


def _depth(n: int, steps: list[Step]) -> int:
    """Count layers of two-qubit gates."""
    layers = [0] * n
    for kind, site, other, _ in steps:
        if kind not in ("h", "parity"):
            layers[site] = layers[other] = 1 + max(layers[site], layers[other])
    return max(layers)


def upper_circuit(windows: Windows, steps: list[Step], lowest: int = 0) -> QuantumCircuit:
    """Translate steps to gates, between the phases on single inputs and those on outputs.

    Inputs below the lowest output get no phase yet; the global phase is that of all windows.
    """
    n = len(windows)
    circuit = QuantumCircuit(n, name="qft", global_phase=global_phase(windows))
    for c in range(lowest, n):
        add_phase(circuit, input_phase(n, c), c)
    for step in steps:
        _add(circuit, step)
    for t in range(lowest, n):
        add_phase(circuit, output_phase(t), t)
    return circuit


def _add(circuit: QuantumCircuit, step: Step) -> None:
    """Append the gates of one step, with one CX or, in its place, CY for any of two sites."""
    kind, site, other, distance = step
    match kind:
        case "cx":
            circuit.cx(site, other)
        case "h":
            circuit.h(site)
        case "parity":
            circuit.p(parity_phase(distance), site)
        case "switch":
            # X H X = -i Y H
            circuit.h(site)
            circuit.cy(other, site)
            circuit.sdg(other)
        case "hand_back":
            # A CX before which its target had H is H after CZ, and Z X = i Y.
            circuit.cy(site, other)
            circuit.s(site)
            circuit.h(site)
