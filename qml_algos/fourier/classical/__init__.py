"""Classical solvers: the competition at its best."""

from qml_algos.fourier.classical.fft import FFT, FFTW
from qml_algos.fourier.classical.single_bins import SingleBins
from qml_algos.fourier.classical.sparse_fft import SparseFFT

__all__ = ["FFT", "FFTW", "SingleBins", "SparseFFT"]
