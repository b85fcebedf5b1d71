"""Tafawut: the tests before and after a workshop, and the difference between them."""

__version__ = "0.1.0"
