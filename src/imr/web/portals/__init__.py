"""What each audience sees: one module a portal, which do not know each other.

`base.registry` says which portal is whose; `case_pages` holds what the pages of a case have in common.
"""
