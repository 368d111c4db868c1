"""The providers of messages as the product reaches them here: each held to its documents, and told to fail at will."""
