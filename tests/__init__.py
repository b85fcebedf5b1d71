"""Tests, benches and long tests; tests/conftest.py says which legs a run has."""
