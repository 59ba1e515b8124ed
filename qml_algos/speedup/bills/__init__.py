"""What the answers of quantum solvers take: gates, runs and classical work, line by line."""

from qml_algos.speedup.bills.bill import STRATEGIES, Bill, Source, Strategy, amplification_rounds

__all__ = ["STRATEGIES", "Bill", "Source", "Strategy", "amplification_rounds"]
