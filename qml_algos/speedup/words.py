"""What the parts of a comparison are called in each task."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Nouns of one task.

    Attributes
    ----------
    problem
        One of the things that are compared on.
    size
        What a size counts, in the plural.
    error
        What an error is, in brief.
    work
        What classical work before a circuit is done on.
    eigenvectors
        Why a circuit that was built from eigenvectors shows no speedup.
    """

    problem: str
    size: str
    error: str
    work: str
    eigenvectors: str


WORDS = {
    "linear-systems": Words(
        problem="system",
        size="unknowns",
        error="relative error",
        work="the matrix",
        eigenvectors="classically computed eigenvectors, which is as much work as solving the "
        "system",
    ),
    "fourier": Words(
        problem="signal",
        size="samples",
        error="error",
        work="the signal",
        eigenvectors="classically computed eigenvectors",
    ),
    "pca": Words(
        problem="data set",
        size="features",
        error="subspace angle",
        work="the data",
        eigenvectors="classically computed eigenvectors, which are the principal components",
    ),
    "svm": Words(
        problem="data set",
        size="features",
        error="held-out error",
        work="the data",
        eigenvectors="classically computed eigenvectors",
    ),
    "generative": Words(
        problem="data set",
        size="variables",
        error="loss",
        work="the data",
        eigenvectors="classically computed eigenvectors",
    ),
    "ground-state": Words(
        problem="Hamiltonian",
        size="spins",
        error="relative error of the energy",
        work="the Hamiltonian",
        eigenvectors="classically computed eigenvectors, one of which is the ground state",
    ),
}
"""By the names of tasks."""
