"""Circuits that prepare graph states with an invertible matrix on each qubit."""
