"""Bills by the name of the task.

A task has one function in `BILL_LAWS`, from a `BillRequest` to a `BillLaw`. It raises nothing for
what it does not know: the law's ``reason`` says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qml_algos.lazy import LazyMapping
from qml_algos.speedup.bills.law import BillLaw, BillRequest

BILL_LAWS: Mapping[str, Callable[[BillRequest], BillLaw]] = LazyMapping(
    {
        "linear-systems": "qml_algos.speedup.bills.linear_systems:bill_law",
        "fourier": "qml_algos.speedup.bills.fourier:bill_law",
        "pca": "qml_algos.speedup.bills.pca:bill_law",
        "svm": "qml_algos.speedup.bills.svm:bill_law",
        "generative": "qml_algos.speedup.bills.generative:bill_law",
    }
)
"""From a request to a law, by the name of the task."""


SIZE_FREE_RIVALS: Mapping[str, tuple[str, ...]] = {"linear-systems": ("local", "local-sampling")}
"""Classical solvers whose work does not depend on the size of the problem, as long as the condition
number does not: by the name of the task."""

PROPORTIONAL_RIVALS: Mapping[str, tuple[str, ...]] = {"generative": ("mps-sampling",)}
"""Classical solvers whose work is known to grow in proportion to the size, by the name of the task:
a bond that is held makes each variable alike."""

READING_RIVALS: Mapping[str, tuple[str, ...]] = {
    "fourier": ("fft", "fftw", "single-bins"),
    "pca": ("svd", "covariance", "randomised", "incremental", "lanczos"),
    "svm": ("rbf-svc", "linear-svc", "polynomial-svc", "ls-svm", "logistic", "mlp"),
}
"""Classical solvers that read all of the data, by the name of the task: their work grows in
proportion to the size at least."""


UNPROJECTED: Mapping[str, str] = {
    "ground-state": (
        "No projection is made. For no Hamiltonian here is it known how many layers a variational "
        "circuit needs for a given error at larger sizes, nor how many steps its training takes, "
        "so it has no bill; and the classical times here are of small sizes, where those of exact "
        "solvers grow exponentially."
    )
}
"""Why the comparisons of a task are not projected, by its name."""


def bill_law(task: str, request: BillRequest) -> BillLaw:
    """Find what a solver takes at every size.

    Parameters
    ----------
    task
        Name of the task.
    request
        What is asked for.

    Returns
    -------
    BillLaw
        Without bills, and with the reason, where there are none.
    """
    if task not in BILL_LAWS:
        return BillLaw(None, f"There are no bills for the task {task!r}.")
    return BILL_LAWS[task](request)
