"""How it went."""
