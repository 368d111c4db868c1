"""The doors of the terms: trying others on the past."""
