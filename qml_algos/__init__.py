"""Quantum machine learning on real and simulated hardware, beside the best classical methods."""

from importlib.metadata import version

import circuits

# Another distribution on the package index is called "circuits" too.
if not hasattr(circuits, "phase_estimation"):
    raise ImportError(
        f"the package 'circuits' found at {circuits.__file__} is not the one that qml-algos "
        "ships: the unrelated distribution 'circuits' stands in its place. Uninstall that one "
        "('pip uninstall circuits') and install qml-algos again."
    )

from qml_algos.backends import Backend, backend

__all__ = ["Backend", "backend"]
__version__ = version("qml-algos")
