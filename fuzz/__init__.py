"""Fuzzing: what dynavet reads, with inputs that nobody thought of. See README.md beside this file."""
