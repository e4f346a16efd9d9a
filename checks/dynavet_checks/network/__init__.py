"""Rules about the way to the table."""
