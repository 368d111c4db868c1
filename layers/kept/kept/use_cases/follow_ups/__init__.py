"""Follow-ups: opened, handed on, checked, measured and closed."""
