"""What each audience sees: one module a portal, which do not know each other.

`doors` says which portal is whose; `pages` holds what the pages of a case have in common.
"""
