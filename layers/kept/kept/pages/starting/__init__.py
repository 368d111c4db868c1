"""The page on which a business begins."""
