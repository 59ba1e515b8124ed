"""Spin Hamiltonians: one value for circuits, neural states, tensor networks and exact states."""
