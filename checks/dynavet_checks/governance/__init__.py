"""Rules about tags and upkeep."""
