"""What moving and cancelling cost, and until when they are free."""
