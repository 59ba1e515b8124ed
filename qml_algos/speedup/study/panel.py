"""The part of the page that is about one comparison."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from string import Template

from qml_algos.speedup.markup import listing
from qml_algos.speedup.projection.crossovers import CrossoverLine
from qml_algos.speedup.projection.projection import Projection
from qml_algos.speedup.study.measured import measured_section
from qml_algos.speedup.study.payload import Task
from qml_algos.speedup.study.plain_panel import render_plain_panel
from qml_algos.speedup.study.tables import crossovers_table, fine_print_table, resources_table

TITLES = {
    "linear-systems": "Linear systems",
    "fourier": "Fourier transforms",
    "pca": "Principal components",
    "svm": "Support vector machines",
    "generative": "Generative models",
    "ground-state": "Ground states",
}
"""By the names of tasks."""

_WHOLE = ("", "vector")

_PANEL = Template("""\
<section data-panel id="$name" role="tabpanel" aria-labelledby="tab-$name">
<h2>$title</h2>
<p class="quiet">$asked</p>
$verdict

<h3 id="$name-curves">Where the curves cross</h3>
<div class="controls" role="group" aria-labelledby="$name-curves">
<div class="control"><label for="$name-device">Device</label>
<select id="$name-device" data-role="device">$devices</select></div>
<div class="control"><label for="$name-strategy">Read-out strategy</label>
<select id="$name-strategy" data-role="strategy">$strategies</select></div>
$sliders
<button class="button" type="button" data-role="reset">Reset</button>
</div>
<div class="live" data-role="live" role="status"></div>
<figure>
<div class="picture">
<svg data-role="chart" id="$name-chart" tabindex="0" role="application"
 aria-roledescription="chart" aria-labelledby="$name-curves" aria-describedby="$name-keys"></svg>
<div class="tooltip" data-role="tooltip" role="status" hidden></div>
</div>
<div class="legend" data-role="legend" role="group" aria-label="Curves shown"></div>
<figcaption id="$name-keys">Thick lines: quantum solvers, projected from their bills. Thin lines:
laws fitted to the points measured here, solid where they were measured and dashed beyond, with
bands of $confidence. A ring marks the size from which a quantum solver stays below its hardest
rival; the shaded interval is what the rival's band leaves open. Point at a curve, or, with the
chart in focus, walk along it with the left and right arrow keys and from curve to curve with up
and down. Seconds above 10<sup>20</sup> are not drawn.</figcaption>
</figure>
<noscript><p>The curves need JavaScript; figures are beside this page as files, and all tables
below do without it.</p></noscript>

<div class="columns">
<div>
<h3 id="$name-bill">What one answer is spent on</h3>
<div class="controls" role="group" aria-labelledby="$name-bill">
<div class="control"><label for="$name-solver">Solver</label>
<select id="$name-solver" data-role="solver">$solvers</select></div>
<div class="control"><span><label for="$name-size">Size</label>
<output for="$name-size" data-role="size-text"></output></span>
<input type="range" id="$name-size" data-role="size" min="0" max="$last" value="$middle"></div>
</div>
<div data-role="breakdown"></div>
</div>
<div>
<h3>What the crossover depends on</h3>
<p class="quiet">Each assumption changed alone, for the solver, device and read-out chosen, all
sliders aside. Bars to the left: the crossover comes sooner.</p>
<table class="sensitivity" data-role="sensitivity"></table>
</div>
</div>

<h3 id="$name-crossovers">Crossovers on all devices</h3>
<div class="scroll" tabindex="0" role="region" aria-labelledby="$name-crossovers">
$crossovers
</div>

<h3 id="$name-resources">Circuits that were built, on fault-tolerant devices</h3>
<p class="quiet">One run of the largest circuit that each solver's gates were counted of. qdk:
Azure's resource estimator, run on this machine; formulas: those of the curves, which tests hold to
it.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="$name-resources">
$resources
</div>

<h3 id="$name-print">The fine print</h3>
$fine_print
<details><summary>Assumptions of the bills</summary>
$assumptions
</details>

$measured

<h3>Data</h3>
<p class="downloads">
<a class="button" href="#$name" data-role="curves-csv">Curves as shown (CSV)</a>
<a class="button" href="#$name" data-role="measured-csv">Measured figures (CSV)</a>
<a class="button" href="#$name" data-role="json">Bills, laws and figures (JSON)</a>
</p>
</section>
""")

_SLIDER = Template("""\
<div class="control"><span><label for="$id">$label</label><output for="$id"></output></span>
<input type="range" id="$id" data-assumption="$assumption" $scale min="$low" max="$high"
 step="$step" value="0"></div>
""")

# Steps of logarithmic sliders are tenths of a power of ten; those of the linear one hundredths.
_SLIDERS = (
    ("preparation", "Cost of state preparation", "data-zero", -31, 30, 1),
    ("readout", "Cost of read-out", "", -30, 30, 1),
    ("kappaGrowth", "Condition number", 'data-scale="linear"', -100, 100, 5),
    ("gateTime", "Gate time", "", -60, 30, 1),
)


def title_of(task: Task) -> str:
    """Return what a comparison is about, in two or three words."""
    name = task.comparison.task
    return TITLES.get(name, name)


def subject_of(projection: Projection | None) -> str:
    """Return what is answered of which problems."""
    if projection is None:
        return "measured, not projected"
    output = "whole solution" if projection.output in _WHOLE else projection.output
    return f"{output}, {projection.family}"


def render_panel(task: Task) -> str:
    """Return the panel of one comparison, as HTML."""
    projection, comparison = task.projection, task.comparison
    if projection is None:
        return render_plain_panel(task, title_of(task))
    strategy = _first_strategy(projection)
    longest = max((len(curve.bills) for curve in projection.quantum), default=0)
    return _PANEL.substitute(
        name=task.name,
        title=escape(title_of(task)),
        asked=escape(
            f"{subject_of(projection)}; {projection.error_of} of at most {projection.epsilon:g}, "
            f"with a probability of {projection.confidence:g}."
        ),
        verdict=listing("ul", "verdict", dict.fromkeys(projection.verdict)),
        devices=_options(
            [(device.name, device.name) for device in projection.devices], _first_device(projection)
        ),
        strategies=_options([(name, name) for name in projection.strategies], strategy),
        sliders="".join(_slider(task.name, *slider) for slider in _SLIDERS),
        confidence=f"{projection.confidence:.0%}",
        solvers=_options(_solvers(projection)),
        middle=longest // 2,
        last=max(0, longest - 1),
        crossovers=crossovers_table(projection),
        resources=resources_table(projection),
        fine_print=fine_print_table(projection),
        assumptions=_assumptions(projection),
        measured=measured_section(task.name, comparison),
    )


def _slider(
    name: str, assumption: str, label: str, scale: str, low: int, high: int, step: int
) -> str:
    return _SLIDER.substitute(
        id=f"{name}-{assumption}",
        label=label,
        assumption=assumption,
        scale=scale,
        low=low,
        high=high,
        step=step,
    )


def _options(entries: Iterable[tuple[str, str]], chosen: str | None = None) -> str:
    return "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(text)}</option>"
        for value, text in entries
    )


def _solvers(projection: Projection) -> list[tuple[str, str]]:
    """Name solvers with bills as the script does: by their place among the quantum ones."""
    return [
        (f"quantum {place}", curve.solver)
        for place, curve in enumerate(projection.quantum)
        if curve.bills
    ]


def _best(projection: Projection) -> CrossoverLine | None:
    """Find where a quantum solver comes off best: first, or with least time at the end."""
    main = [line for line in projection.crossovers if not line.aside]
    return min(main, key=lambda line: (line.size or math.inf, line.quantum_seconds), default=None)


def _first_device(projection: Projection) -> str:
    best = _best(projection)
    return best.device if best else projection.devices[0].name


def _first_strategy(projection: Projection) -> str:
    best = _best(projection)
    return best.strategy if best else projection.strategies[0]


def _assumptions(projection: Projection) -> str:
    lines = dict.fromkeys(
        line for curve in projection.quantum for bill in curve.bills for line in bill.assumptions
    )
    return listing("ul", "assumptions", lines) if lines else "<p>None.</p>"
