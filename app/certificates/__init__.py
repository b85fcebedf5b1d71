"""Participation certificates: issue, supersede, revoke, verify."""
