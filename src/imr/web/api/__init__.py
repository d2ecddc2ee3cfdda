"""The API: cases, a route for each step, and the published determinations."""
