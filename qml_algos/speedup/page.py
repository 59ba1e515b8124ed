"""The comparison as one self-contained HTML page."""

from __future__ import annotations

import base64
from html import escape
from string import Template

from qml_algos.speedup.markup import (
    definitions,
    figures_table,
    listing,
    projected_note,
    shared_style,
)
from qml_algos.speedup.record import Record
from qml_algos.speedup.verdict import verdict
from qml_algos.speedup.wording import (
    NOT_IN_FIGURES,
    Notes,
    by_problem,
    target,
)

# The policy makes browsers refuse anything from elsewhere, should any ever slip in.
PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>$style</style>
</head>
<body>
<main>
<header>
<h1>$title</h1>
<p class="quiet">Quantum and classical solvers on the same ${problem}s, measured
<time datetime="$created">$created</time>.</p>
</header>
<section aria-labelledby="settings">
<h2 id="settings">What was asked</h2>
$settings
</section>
<section aria-labelledby="verdict">
<h2 id="verdict">Verdict</h2>
$verdict
</section>
<section aria-labelledby="figure">
<h2 id="figure">Figure</h2>
<figure>
<div class="scroll picture" tabindex="0" role="region" aria-labelledby="figure">
<img src="data:image/png;base64,$png" alt="$alt">
</div>
<figcaption>Points are joined only within one family of ${problem}s. The right-hand panel shows
classical computing time alone: solving, or diagonalising, building and compiling before a circuit
can run.</figcaption>
</figure>
</section>
<section aria-labelledby="figures">
<h2 id="figures">All figures</h2>
<p>✓: the error ($error) is at or below the target of $target; ✗: it is above. The promised error is
what a quantum solver answers for, before noise. Classical time is
the solving time of a classical solver; of a quantum one it is the work on $work before any
circuit is built.$projected A dash stands where a figure does not apply or is not known.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="figures">
$table
</div>
<p>$not_in_figures</p>
</section>
<section aria-labelledby="notes">
<h2 id="notes">Notes to the figures</h2>
$notes
</section>
<section aria-labelledby="environment">
<h2 id="environment">Environment</h2>
$environment
</section>
<footer class="quiet">
<p>The same figures for programs: <code>comparison.json</code>, written beside this page.</p>
</footer>
</main>
</body>
</html>
""")

_STYLE = """
:root {
  --ink: #1b1f24; --quiet: #59636e; --paper: #fdfdfc; --panel: #f4f5f3; --rule: #d5d9d6;
  --good: #00664a; --bad: #a63c00; --accent: #0072b2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e7ea; --quiet: #9aa4ae; --paper: #15181b; --panel: #1e2327; --rule: #3a4147;
    --good: #4fc9a0; --bad: #ff9a5c; --accent: #56b4e9;
  }
}
h1, h2 { font-family: Charter, Georgia, "Times New Roman", serif; font-weight: 600; }
h1 { font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 1rem; }
.quiet, figcaption { color: var(--quiet); }
.verdict {
  margin: 0; padding: 1rem 1.25rem 1rem 2.5rem;
  background: var(--panel); border-left: 4px solid var(--accent);
  max-width: 52rem;
}
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.picture { background: #fff; }
.picture img { display: block; width: 100%; min-width: 56rem; height: auto; }
th[scope=rowgroup], th[scope=row], td.text { text-align: left; }
@media (max-width: 30rem) {
  main { padding-top: 1.5rem; }
  h2 { margin-top: 2.25rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .6rem; }
}
@media print { .scroll { overflow: visible; border: 0; } .picture img { min-width: 0; } }
"""


def render_page(comparison: Record, png: bytes) -> str:
    """Return the page.

    Parameters
    ----------
    comparison
        What to show.
    png
        The figure, which becomes part of the page.

    Returns
    -------
    str
        An HTML document that refers to nothing outside itself.
    """
    notes = Notes.of(comparison)
    return PAGE.substitute(
        title=escape(f"Comparison: {comparison.task.replace('-', ' ')}"),
        style=shared_style() + _STYLE,
        created=escape(comparison.created),
        verdict=listing("ul", "verdict", verdict(comparison)),
        png=base64.b64encode(png).decode("ascii"),
        alt=escape(_alternative(comparison)),
        target=escape(target(comparison)),
        problem=comparison.words.problem,
        error=escape(comparison.error_in_full),
        work=comparison.words.work,
        table=figures_table(comparison, notes),
        not_in_figures=escape(NOT_IN_FIGURES),
        projected=escape(projected_note(comparison)),
        notes=listing("ol", "notes", notes.numbers) if notes.numbers else "<p>None.</p>",
        settings=definitions(comparison.settings),
        environment=definitions(comparison.environment),
    )


def _alternative(comparison: Record) -> str:
    problems = ", ".join(by_problem(comparison.rows))
    solvers = ", ".join(dict.fromkeys(row.solver for row in comparison.rows))
    shown = "Error reached, two-qubit gates and depth"
    if any(row.energy is not None for row in comparison.rows):
        shown = "Error of the energy, V-score, fidelity"
    return (
        f"{shown}, and classical computing time of {solvers} on {problems}. The table below has "
        "the same figures."
    )
