"""Every rule, listed by hand."""
