"""Programs that write documents and measure. They run from the source as `python -m tools.NAME`, and are not shipped."""
