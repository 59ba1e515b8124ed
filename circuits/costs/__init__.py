"""What circuits cost: counted from the circuits, and in closed form for any size."""

from circuits.costs.counts import Count, GateCounts, count_gates

__all__ = ["Count", "GateCounts", "count_gates"]
