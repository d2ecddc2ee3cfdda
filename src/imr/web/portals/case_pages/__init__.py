"""The page of a case and of each of its steps, in the layout of the viewer's portal."""
