"""How shares are written."""

from django import template

register = template.Library()


@register.filter
def percent(share: float) -> str:
    """Format a share from 0 to 1 in percent, with one decimal below ten percent and none above."""
    return f"{share:.1%}".replace("%", " %") if share < 0.1 else f"{share:.0%}".replace("%", " %")
