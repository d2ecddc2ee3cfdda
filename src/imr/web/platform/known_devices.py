"""The browsers with which a person has signed in before: a signed cookie in the browser, and nothing on the site.

The cookie holds a mark for each person, which names nobody without the site's key.
"""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

_SALT = "devices known to a person"
#: How long a browser is known after the last sign-in with it, in seconds, and how many people one browser knows.
LASTS, PEOPLE = 400 * 24 * 3600, 20


def mark(person: AbstractBaseUser, secret: str | None = None) -> str:
    """Return what stands for a person in the cookie of a browser and on its pages, with the site's newest key or another."""
    return salted_hmac(_SALT, str(person.pk), secret, algorithm="sha256").hexdigest()[:16]


def is_known(request: HttpRequest, person: AbstractBaseUser) -> bool:
    """Return whether this person has signed in with this browser before, also before the site's key was rotated."""
    return not _own(person).isdisjoint(_marks(request))


def is_mark_of(text: str, person: AbstractBaseUser) -> bool:
    """Return whether a text is the mark of a person, also from before the site's key was rotated."""
    return text in _own(person)


def _own(person: AbstractBaseUser) -> set[str]:
    return {mark(person), *(mark(person, secret) for secret in settings.SECRET_KEY_FALLBACKS)}


def remember(request: HttpRequest, response: HttpResponse, person: AbstractBaseUser) -> None:
    """Remember in this browser that this person has signed in with it."""
    own = mark(person)
    marks = [own, *(other for other in _marks(request) if other != own)][:PEOPLE]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(marks, salt=_SALT),
        max_age=LASTS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return []
    return [str(one) for one in found]


def describe(user_agent: str) -> str:
    """Return what a browser calls itself, in words: Firefox on Windows. Anybody may call themselves anything."""
    text = user_agent.lower()
    browser = next((name for sign, name in _BROWSERS if sign in text), "")
    system = next((name for sign, name in _SYSTEMS if sign in text), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "an unknown program"


#: What each calls itself, the more special ones first: most name others too.
_BROWSERS = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("firefox", "Firefox"),
    ("chrom", "Chrome"),
    ("safari", "Safari"),
    ("curl", "curl"),
    ("python", "a Python program"),
)
_SYSTEMS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os", "Mac"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)
