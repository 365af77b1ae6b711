"""Measure how well hashes hold, and choose what is hashed; for researchers."""
