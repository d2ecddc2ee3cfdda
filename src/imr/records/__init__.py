"""The case file: from uploaded files to pages, words, documents and facts that can be cited."""
