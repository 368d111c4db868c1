"""The doors of figures."""
