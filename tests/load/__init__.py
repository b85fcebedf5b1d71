"""Measurements as ratios in one run; never part of the suite. `python -m tests.load.<name>`."""
