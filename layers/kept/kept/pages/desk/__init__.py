"""The front desk in the browser: what it is made of, and how it is handed out."""
