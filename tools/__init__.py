"""Programs of the laboratory: they write documents and measure, run from the source as `python -m tools.NAME`, and are not shipped."""
