"""The settings of a business as JSON."""
