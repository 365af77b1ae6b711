"""Tests that kill clients and endpoint, and count what went wrong."""
