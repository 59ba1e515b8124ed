"""Measured configurations of spins, from any backend or from a file."""
