"""Money: what a visit costs whoever did not come, what is paid, let go of and given back."""
