"""Who may enter the desk of a business, and as what."""
