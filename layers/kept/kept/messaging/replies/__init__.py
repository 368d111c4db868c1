"""What a client's reply means: one key, or free text in English, Chinese or both."""
