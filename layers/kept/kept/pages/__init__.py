"""What clients see in a browser: pages and forms that need neither an account nor JavaScript."""
