"""What is done by the policy: how clients stand, what a person says of it, and what other terms would have done."""
