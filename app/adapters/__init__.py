"""The world, one outside library per file; none of our nouns."""
