"""Background work on case files: ingestion of documents, page images, the bundle as one PDF, checks of drafts."""
