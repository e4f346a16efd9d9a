"""One reporter per format, each reading only findings."""
