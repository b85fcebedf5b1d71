"""One participant's passage through one administration: open, save, submit, score."""
