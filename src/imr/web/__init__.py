"""The site: shows each role what it may see and offers the steps that it may take."""
