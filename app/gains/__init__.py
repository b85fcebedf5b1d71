"""The only door to numbers about groups."""
