"""The unlinked: questionnaire sheets that no table ties to a person."""
