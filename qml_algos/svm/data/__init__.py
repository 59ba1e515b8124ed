"""Labelled data: generators, data sets of scikit-learn, files, and families by size."""

from qml_algos.svm.data.ad_hoc import make_ad_hoc
from qml_algos.svm.data.bars_and_stripes import make_bars_and_stripes
from qml_algos.svm.data.discrete_log import make_discrete_logarithm
from qml_algos.svm.data.families import FAMILIES, IN_RADIANS, WHAT_A_SIZE_IS, draw_labelled
from qml_algos.svm.data.files import LABELLED_SUFFIXES, read_labelled
from qml_algos.svm.data.hidden_manifold import make_hidden_manifold
from qml_algos.svm.data.hyperplanes import make_hyperplanes
from qml_algos.svm.data.known_sets import DATASETS, load
from qml_algos.svm.data.labelled import LabelledData
from qml_algos.svm.data.linearly_separable import make_linearly_separable
from qml_algos.svm.data.two_curves import make_two_curves

__all__ = [
    "DATASETS",
    "FAMILIES",
    "IN_RADIANS",
    "LABELLED_SUFFIXES",
    "WHAT_A_SIZE_IS",
    "LabelledData",
    "draw_labelled",
    "load",
    "make_ad_hoc",
    "make_bars_and_stripes",
    "make_discrete_logarithm",
    "make_hidden_manifold",
    "make_hyperplanes",
    "make_linearly_separable",
    "make_two_curves",
    "read_labelled",
]
