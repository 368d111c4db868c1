"""What happened, as other systems hear of it: read off what was written, and named in the field's manner."""
