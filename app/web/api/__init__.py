"""The JSON API, the same verbs as the pages."""
