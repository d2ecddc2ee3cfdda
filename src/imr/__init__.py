"""Independent Medical Review for California workers' compensation.

The packages are named by the field's nouns; docs/architecture.md says what each promises and who may import whom.
"""
