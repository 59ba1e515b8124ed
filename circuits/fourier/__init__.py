"""The quantum Fourier transform and what is built on it."""

from circuits.fourier.choice import FourierDesign, fourier_design, qft
from circuits.fourier.controlled import controlled_qft

__all__ = ["FourierDesign", "controlled_qft", "fourier_design", "qft"]
