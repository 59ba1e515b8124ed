"""Things by name that are imported when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any


class LazyMapping(Mapping[str, Any]):
    """A mapping whose values are imported on access: a command waits for what it uses only.

    Parameters
    ----------
    places
        By name, where the value is: ``"package.module"``, or ``"package.module:attribute"``.
    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)

    def __getitem__(self, name: str) -> Any:
        """Import a value."""
        module, _, attribute = self._places[name].partition(":")
        found = import_module(module)
        return getattr(found, attribute) if attribute else found

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
