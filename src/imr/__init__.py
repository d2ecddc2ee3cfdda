"""Independent Medical Review for California workers' compensation.

The packages are named by the field's nouns; docs/architecture.md describes each, and which may import which.
"""
