"""Laws of growth fitted to costs, and the sizes where two of them cross."""
