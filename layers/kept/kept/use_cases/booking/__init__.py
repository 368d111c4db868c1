"""Holding, booking, moving and changing visits, and the day as it stands."""
