"""The training loops, one module a stage."""
