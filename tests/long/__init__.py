"""Long tests: `python -m tests.long NAME [--short] [--json]`; the suite runs each in short."""
