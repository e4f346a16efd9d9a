"""Parsers: text in, model out. One package per language."""
