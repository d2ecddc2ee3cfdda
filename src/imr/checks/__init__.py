"""A draft determination held against its case file, its guidelines and itself, before anybody signs it."""
