"""Reproducible measurements: installations of a known size, and figures on record."""
