"""Who came, who is on the way, who did not come."""
