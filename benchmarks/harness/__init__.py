"""Runs the benchmarks: the same inputs through irrev and through its peers, alternately, each in a process of its own."""
