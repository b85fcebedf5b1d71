"""What crosses rooms: publish, seed, demo, migrate."""
