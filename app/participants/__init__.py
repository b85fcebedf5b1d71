"""Participants (pseudonymous), cards, attendance, consent; the name lives apart."""
