"""Backends that ship with qml-algos, one TOML file each (see ``docs/backends.md``)."""
