"""The part of a panel that says what was measured, with or without a projection beside it."""

from __future__ import annotations

from html import escape
from string import Template

from qml_algos.speedup.markup import definitions, figures_table, listing, projected_note
from qml_algos.speedup.record import Record
from qml_algos.speedup.wording import NOT_IN_FIGURES, Notes

_SECTION = Template("""\
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
</details>""")


def measured_section(name: str, comparison: Record) -> str:
    """Return the figures of a comparison, their notes, and how they were come by, as HTML.

    Parameters
    ----------
    name
        Of the panel, for its links.
    comparison
        What was measured.
    """
    notes = Notes.of(comparison)
    return _SECTION.substitute(
        name=name,
        error=escape(comparison.error_in_full),
        projected=escape(projected_note(comparison)),
        figures=figures_table(comparison, notes),
        not_in_figures=escape(NOT_IN_FIGURES),
        notes=_notes(notes),
        settings=definitions(comparison.settings),
        environment=definitions(comparison.environment),
    )


def _notes(notes: Notes) -> str:
    """Return the notes to the figures, to be opened; empty if there are none."""
    if not notes.numbers:
        return ""
    texts = listing("ol", "notes", notes.numbers)
    return f"<details><summary>Notes to the figures</summary>\n{texts}\n</details>"
