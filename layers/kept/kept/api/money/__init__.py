"""Money at the API's door."""
