"""A year of reviews at real volumes through the real law, panel and case, without the site."""
