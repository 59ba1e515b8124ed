"""Device models that circuits are projected on: today's, fault-tolerant, and idealised ones."""
