"""Keep cases and their hashes: one interface, and one file for each database."""
