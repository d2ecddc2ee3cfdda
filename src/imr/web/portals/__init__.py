"""What each audience sees: one module for each portal; the portals do not import each other.

`base.registry` says which portal is whose; `case_pages` holds what the pages of a case have in common.
"""
