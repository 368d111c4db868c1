"""A quarter of one salon, played through the real handlers in one process with the clock set forward."""
