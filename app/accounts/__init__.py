"""Staff: organisations, programmes, sign-in, roles, tokens, and the audit log."""
