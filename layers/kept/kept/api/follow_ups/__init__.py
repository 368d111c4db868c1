"""Follow-ups, their policy and their figures as JSON."""
