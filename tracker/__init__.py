"""Répons follows up the recommendations of oversight bodies. This package imports nothing by itself."""
