"""The law of Independent Medical Review as dated, cited, executable rules. Pure: no clock, no chance, no database."""
