"""The settings of a business as they travel."""
