"""Neural-network quantum states."""
