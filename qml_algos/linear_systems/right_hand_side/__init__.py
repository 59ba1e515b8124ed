"""Right-hand sides as values that know how their state is prepared."""

from qml_algos.linear_systems.right_hand_side.base import Preparation, RightHandSide
from qml_algos.linear_systems.right_hand_side.dense_vector import DenseVector
from qml_algos.linear_systems.right_hand_side.product_vector import ProductVector
from qml_algos.linear_systems.right_hand_side.smooth_function import SmoothFunction
from qml_algos.linear_systems.right_hand_side.sparse_vector import SparseVector

__all__ = [
    "DenseVector",
    "Preparation",
    "ProductVector",
    "RightHandSide",
    "SmoothFunction",
    "SparseVector",
]
