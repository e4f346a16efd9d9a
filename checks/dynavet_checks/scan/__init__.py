"""Rules about the scan itself."""
