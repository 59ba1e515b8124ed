"""How is the power of a recorded electroencephalogram shared among its rhythms? FFT, QFT, the bill.

Run: ``python examples/brain_rhythms.py``. The recording comes with Matplotlib: four channels of 800
samples in ten seconds. The first is taken, its mean removed, and its first 512 samples kept.
"""

from __future__ import annotations

import numpy as np
from matplotlib.cbook import get_sample_data

from qml_algos.fourier import FFT, QFT, Signal, SpectralPower, SpectrumSolution, solve

SECONDS, SAMPLES, CHANNELS = 10.0, 800, 4
BANDS = {"delta": (0.5, 4.0), "theta": (4.0, 8.0), "alpha": (8.0, 13.0), "beta": (13.0, 30.0)}
"""In Hz."""


def recording() -> Signal:
    """Read the first channel."""
    file = str(get_sample_data("eeg.dat", asfileobj=False))
    values = np.fromfile(file, dtype=float).reshape(SAMPLES, CHANNELS)[:, 0]
    return Signal(values - values.mean(), sample_rate=SAMPLES / SECONDS).trimmed()


def bins_of(signal: Signal, lowest: float, highest: float) -> list[int]:
    """Bins of a band, those of negative frequencies included."""
    first, end = (round(frequency / signal.bin_width) for frequency in (lowest, highest))
    return [*range(first, end), *range(signal.size - end + 1, signal.size - first + 1)]


def share(solution: SpectrumSolution, bins: list[int]) -> str:
    """Add up the shares of a band; shots fall into it or not, which gives the standard error."""
    power = float(np.sum(solution.powers[np.isin(solution.positions, bins)]))
    shots = solution.resources.shots
    error = "" if shots is None else f" +- {np.sqrt(power * (1 - power) / shots):.1%}"
    return f"{power:.1%}{error}"


def main() -> None:
    """Ask twice, and show what the quantum answer cost."""
    signal = recording()
    bands = {name: bins_of(signal, *ends) for name, ends in BANDS.items()}
    question = SpectralPower([k for bins in bands.values() for k in bins])
    classical = solve(signal, FFT(), question=question)
    sampled = solve(signal, QFT(epsilon=2e-2), "aer_shots", question=question, random_state=0)
    print(f"{'band':<8}{'FFT':>8}  QFT, shots")
    for name, bins in bands.items():
        print(f"{name:<8}{share(classical, bins):>8}  {share(sampled, bins)}")
    print(f"\nFFT: {1e3 * classical.resources.classical_seconds:.2f} ms.")
    print(
        f"QFT: {sampled.resources.shots:,} shots of {sampled.preparation_gates:,} two-qubit gates "
        f"to load the signal and {sampled.transform_gates:,} to transform it: "
        f"{sampled.gates_in_all:,} gates."
    )
    print("\nBefore anyone calls that exponentially faster:")
    for caveat in sampled.caveats:
        print(f"- {caveat}")


if __name__ == "__main__":
    main()
