"""Everything of Kept on one machine: `make run` and what the tests in tests/local stand on."""
