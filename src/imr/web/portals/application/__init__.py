"""The application, DWC Form IMR, page by page, and its receipt."""
