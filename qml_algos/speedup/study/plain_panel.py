"""The part of the page that is about a comparison without a projection."""

from __future__ import annotations

import base64
from html import escape
from string import Template

from qml_algos.speedup.bills.registry import UNPROJECTED
from qml_algos.speedup.markup import definitions, figures_table, listing, projected_note
from qml_algos.speedup.study.payload import Task
from qml_algos.speedup.verdict import verdict
from qml_algos.speedup.wording import NOT_IN_FIGURES, Notes, target

_PANEL = Template("""\
<section data-panel id="$name" role="tabpanel" aria-labelledby="tab-$name">
<h2>$title</h2>
<p class="quiet">$asked</p>
$verdict

<h3 id="$name-picture">What was measured, as a figure</h3>
<figure>
<div class="scroll still" tabindex="0" role="region" aria-labelledby="$name-picture">
<img src="data:image/png;base64,$png" alt="$alt">
</div>
<figcaption>Points are joined within one family. Seconds are those of a classical computer.
</figcaption>
</figure>

<h3 id="$name-figures">What was measured</h3>
<p>✓: the error ($error) is at or below the target; ✗: it is above. A dash stands where a figure
does not apply or is not known.$projected</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="$name-figures">
$figures
</div>
<p>$not_in_figures</p>
$notes
<details><summary>What was asked</summary>
$settings
</details>
<details><summary>Environment</summary>
$environment
</details>

<h3>Data</h3>
<p class="downloads">
<a class="button" href="#$name" data-role="measured-csv">Measured figures (CSV)</a>
<a class="button" href="#$name" data-role="json">Measured figures (JSON)</a>
</p>
</section>
""")


def render_plain_panel(task: Task, title: str) -> str:
    """Return the panel of a comparison that is not projected, as HTML.

    Parameters
    ----------
    task
        With its picture.
    title
        What it is about.
    """
    comparison, notes = task.comparison, Notes.of(task.comparison)
    solvers = ", ".join(dict.fromkeys(row.solver for row in comparison.rows))
    reason = UNPROJECTED[comparison.task]
    return _PANEL.substitute(
        name=task.name,
        title=escape(title),
        asked=escape(f"{comparison.error_in_full} of at most {target(comparison)}."),
        verdict=listing("ul", "verdict", [reason, *verdict(comparison)]),
        png=base64.b64encode(task.picture).decode("ascii"),
        alt=escape(f"Figures of {solvers}; the table below has the same."),
        error=escape(comparison.error_in_full),
        projected=escape(projected_note(comparison)),
        figures=figures_table(comparison, notes),
        not_in_figures=escape(NOT_IN_FIGURES),
        notes=notes_html(notes),
        settings=definitions(comparison.settings),
        environment=definitions(comparison.environment),
    )


def notes_html(notes: Notes) -> str:
    """Return the notes to the figures, to be opened; empty if there are none."""
    if not notes.numbers:
        return ""
    texts = listing("ol", "notes", notes.numbers)
    return f"<details><summary>Notes to the figures</summary>\n{texts}\n</details>"
