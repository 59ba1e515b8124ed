"""The report of many comparisons: one page that works offline, figures, and the data as files."""

from qml_algos.speedup.study.writing import write_study

__all__ = ["write_study"]
