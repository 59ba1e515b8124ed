"""The part of the page that is about a comparison without a projection."""

from __future__ import annotations

import base64
from html import escape
from string import Template

from qml_algos.speedup.bills.registry import UNPROJECTED
from qml_algos.speedup.markup import listing
from qml_algos.speedup.study.measured import measured_section
from qml_algos.speedup.study.payload import Task
from qml_algos.speedup.verdict import verdict
from qml_algos.speedup.wording import target

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

$measured

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
    comparison = task.comparison
    solvers = ", ".join(dict.fromkeys(row.solver for row in comparison.rows))
    reason = UNPROJECTED[comparison.task]
    return _PANEL.substitute(
        name=task.name,
        title=escape(title),
        asked=escape(f"{comparison.error_in_full} of at most {target(comparison)}."),
        verdict=listing("ul", "verdict", [reason, *verdict(comparison)]),
        png=base64.b64encode(task.picture).decode("ascii"),
        alt=escape(f"Figures of {solvers}; the table below has the same."),
        measured=measured_section(task.name, comparison),
    )
