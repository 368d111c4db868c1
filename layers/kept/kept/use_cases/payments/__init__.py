"""Deposits paid online: begun, heard of, and brought to what the ledger says of them."""
