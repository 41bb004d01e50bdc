"""Verbs and reads, one use case a module. They never commit and know no request."""
