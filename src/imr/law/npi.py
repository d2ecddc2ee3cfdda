"""The National Provider Identifier: ten digits, of which the last checks the others (45 CFR 162.406).

The check digit is Luhn's over the number with 80840 before it, as the standard of the identifier says.
"""

_PREFIX = "80840"


def npi_is_valid(npi: str) -> bool:
    """Say whether these are ten digits that can be a National Provider Identifier.

    It begins with 1 or 2, and its check digit is right.
    """
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()) or npi[0] not in "12":
        return False
    return npi[-1] == npi_check_digit(npi[:-1])


def npi_check_digit(digits: str) -> str:
    """Give the last digit of the identifier that begins with these nine."""
    weighed = (
        sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(_PREFIX + digits))
    )
    return str(-sum(weighed) % 10)
