"""A folder of letters as a table that can be searched and counted."""
