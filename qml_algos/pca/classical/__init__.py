"""Classical principal components: the competition at its best, for data and for quantum data."""

from qml_algos.pca.classical.dequantised import DequantisedPCA
from qml_algos.pca.classical.registry import CLASSICAL, CLASSICAL_FOR_CIRCUITS
from qml_algos.pca.classical.shadows import ShadowPCA
from qml_algos.pca.classical.snapshots import shadow_copies

__all__ = [
    "CLASSICAL",
    "CLASSICAL_FOR_CIRCUITS",
    "DequantisedPCA",
    "ShadowPCA",
    "shadow_copies",
]
