"""Words and pieces for the templates."""
