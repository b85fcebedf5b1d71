"""Workshops and their administrations: opened, closed, reopened."""
