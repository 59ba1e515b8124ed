"""Principal components, quantum and classical."""
