"""Rules about detection."""
