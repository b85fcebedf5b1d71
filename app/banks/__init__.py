"""Question banks on disk become validated values, and published, immutable forms."""
