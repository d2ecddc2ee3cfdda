"""What a determination rests on: citations, the register of guidelines, and their standing on a day."""
