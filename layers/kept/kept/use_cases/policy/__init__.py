"""What is done by the policy: how clients stand, and what a person says of it."""
