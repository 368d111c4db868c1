"""How much is taken from those whom nobody knows."""
