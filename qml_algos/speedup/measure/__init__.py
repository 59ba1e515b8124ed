"""What classical solvers take: seconds, memory and operations, measured."""
