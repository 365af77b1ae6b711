"""Keep cases and their hashes: one interface, one file for each database."""
