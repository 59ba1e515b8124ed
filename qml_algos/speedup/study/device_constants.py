"""Constants of a report's devices, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from qml_algos.speedup.devices.model import DeviceModel
from qml_algos.speedup.markup import definitions

_NOT_CONSTANTS = ("name", "kind", "description", "sources", "factories")


def devices_html(devices: Sequence[DeviceModel]) -> str:
    """Return the constants of devices with their sources.

    Parameters
    ----------
    devices
        Each once.
    """
    return "\n".join(_device(device.to_json()) for device in devices)


def _device(document: Mapping[str, Any]) -> str:
    constants = {name: value for name, value in document.items() if name not in _NOT_CONSTANTS}
    shown = dict(_flat(constants))
    if "factories" in document:
        shown["T factories to choose from"] = len(document["factories"])
    sources = {
        f"{name}, as of {source['as_of']}": source["source"]
        for name, source in document["sources"].items()
    }
    return (
        f"<details><summary>{escape(document['name'])} <small>{escape(document['kind'])}: "
        f"{escape(document['description'])}</small></summary>\n{definitions(shown)}\n"
        f"<h4>Sources</h4>\n{definitions(sources)}\n</details>"
    )


def _flat(constants: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Name entries of tables by their path."""
    for name, value in constants.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list) and all(isinstance(entry, Mapping) for entry in value):
            for place, entry in enumerate(value, start=1):
                yield from _flat(entry, f"{prefix}{name}.{place}.")
        else:
            yield f"{prefix}{name}", value
