"""The report as one HTML page that refers to nothing outside itself."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from qml_algos.speedup.markup import listing, shared_style
from qml_algos.speedup.study.device_constants import devices_html
from qml_algos.speedup.study.panel import render_panel, subject_of, title_of
from qml_algos.speedup.study.payload import Task, embedded

_SCRIPTS = (
    "format",
    "model",
    "devices",
    "curves",
    "elements",
    "chart",
    "explore",
    "breakdown",
    "downloads",
    "panel",
    "main",
)

# The policy makes browsers refuse anything from elsewhere, and every script but this one.
_PAGE = Template("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '$hash'">
<meta name="color-scheme" content="light dark">
<title>Quantum and classical: where the curves cross</title>
<style>$style</style>
</head>
<body>
<main>
<header>
<h1>Quantum and classical: where the curves cross</h1>
<p class="quiet">What one answer takes, by quantum solvers as projected on devices and by classical
ones as measured, at the same error. Written <time datetime="$created">$created</time>.</p>
</header>
$tabs
$panels
<section aria-labelledby="devices">
<h2 id="devices">Devices</h2>
$devices
</section>
<section aria-labelledby="methods">
<h2 id="methods">Methods</h2>
$methods
</section>
<section aria-labelledby="references">
<h2 id="references">References</h2>
$references
</section>
</main>
<script type="application/json" id="study">$data</script>
<script type="module">$script</script>
</body>
</html>
""")


_NO_DEVICES = "<p>No comparison here is projected on any.</p>"


def render_page(tasks: Sequence[Task], document: Mapping[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    tasks
        Comparisons, one tab each.
    document
        What `qml_algos.speedup.study.payload.study_json` gave for them.

    Returns
    -------
    str
        An HTML document with its style, its script and all data in it.
    """
    script = _script()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    projections = [task.projection for task in tasks if task.projection is not None]
    devices = {device.name: device for found in projections for device in found.devices}
    references = dict.fromkeys(line for found in projections for line in found.references)
    return _PAGE.substitute(
        hash=f"sha256-{digest}",
        style=shared_style() + _source("page.css"),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%MZ"),
        tabs=_tabs(tasks),
        panels="\n".join(map(render_panel, tasks)),
        devices=devices_html(list(devices.values())) or _NO_DEVICES,
        methods=_source("methods.html"),
        references=listing("ol", "references", references) if references else "<p>None.</p>",
        data=embedded(document),
        script=script,
    )


def _script() -> str:
    """Join the script's files, which make up one module."""
    return "\n".join(_source(f"script/{name}.js") for name in _SCRIPTS)


def _source(name: str) -> str:
    return files("qml_algos.speedup.study").joinpath(name).read_text(encoding="utf-8")


def _tabs(tasks: Sequence[Task]) -> str:
    buttons = "\n".join(
        f'<button type="button" role="tab" id="tab-{task.name}" aria-controls="{task.name}" '
        f'aria-selected="{"false" if place else "true"}">{escape(title_of(task))}'
        f"<small>{escape(subject_of(task.projection))}</small></button>"
        for place, task in enumerate(tasks)
    )
    return f'<div role="tablist" aria-label="Comparisons">\n{buttons}\n</div>'
