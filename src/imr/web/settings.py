"""Settings of the site. What differs between installations comes from the environment; docs/operations.md lists it.

The defaults are safe for one person on 127.0.0.1: no debug pages, a secret key of its own, the embedded PostgreSQL.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from csp.constants import NONE, SELF

from imr.web.platform import storage
from imr.web.platform.database import TimeLimits, configuration
from imr.web.platform.environment import Environment
from imr.web.platform.keys import Purpose, open_ring


def _home() -> Path:
    given = os.environ.get("IMR_HOME")
    if given:
        return Path(given).expanduser().resolve()
    # PostgreSQL never runs as root: the wheel runs it as another user, who must be able to reach the folder.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/imr")
    return platformdirs.user_data_path("imr", appauthor=False)


_environment = Environment(os.environ)
#: What is wrong with the numbers and choices below; nothing starts while there is anything (`environment`).
ENVIRONMENT_PROBLEMS = _environment.problems

# What the site writes is readable by its owner alone, unless the code says otherwise: documents, derived files, mail.
os.umask(0o077)

#: Everything that the site stores on disk.
HOME = _home()
#: The address that people type.
SITE = os.environ.get("IMR_SITE", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE.startswith("https:")

#: One key a purpose, with those before it (`manage.py keys`).
KEYS = open_ring(HOME, os.environ.get("IMR_KEYS", ""), _environment.secret("IMR_SECRET_KEY"))
SECRET_KEY, *SECRET_KEY_FALLBACKS = KEYS.keys(Purpose.SIGNING)
DEBUG = _environment.yes("IMR_DEBUG")
ALLOWED_HOSTS = [*filter(None, {urlsplit(SITE).hostname, "127.0.0.1", "localhost", "[::1]"})]
CSRF_TRUSTED_ORIGINS = [SITE]
ROOT_URLCONF = "imr.web.urls"
WSGI_APPLICATION = "imr.web.wsgi.application"
AUTH_USER_MODEL = "imr.PersonRow"

INSTALLED_APPS = [
    "imr.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]
#: PostgreSQL holds the queue of background work; `manage.py procrastinate worker` takes jobs from it.
PROCRASTINATE_IMPORT_PATHS = ["imr.web.case_files.ingestion", "imr.web.actions.bundling"]

MIDDLEWARE = [
    "imr.web.platform.http_rules.add_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "imr.web.middleware.tell_robots",
    "imr.web.platform.http_rules.refuse_unknown_requests",
    "imr.web.middleware.limit_request_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "imr.web.middleware.log_requests",
    "django.contrib.messages.middleware.MessageMiddleware",
    "imr.web.middleware.end_idle_sessions",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "imr.web.portals.base.session_ended.keep_what_was_typed",
    "imr.web.middleware.keep_out_of_caches",
    "imr.web.middleware.require_second_factor",
    "imr.web.middleware.RefusalPages",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": configuration(
        _environment.secret("DATABASE_URL"),
        _environment.secret("DATABASE_OWNER_URL"),
        HOME,
        TimeLimits(
            statement=_environment.number("IMR_STATEMENT_SECONDS", 120, 1, 86_400),
            lock=_environment.number("IMR_LOCK_SECONDS", 60, 1, 86_400),
            idle=_environment.number("IMR_IDLE_TRANSACTION_SECONDS", 900, 10, 86_400),
        ),
    )
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

#: Documents and rejected files are in a folder or in a bucket of an S3-compatible storage, under their digests.
STORAGES: dict[str, storage.StorageEntry] = {
    **storage.configuration(os.environ.get("IMR_DOCUMENTS", ""), HOME),
    "anchors": storage.anchors(os.environ.get("IMR_ANCHORS", ""), HOME),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
#: Whether anchors are kept outside of the site, and the key that signs them (`store.anchors`).
ANCHORS_OUTSIDE = bool(os.environ.get("IMR_ANCHORS"))
ANCHOR_KEY = HOME / "anchor-key"
#: The authority that stamps anchors (RFC 3161), an address; empty for none.
TIME_STAMPS = _environment.address("IMR_TIME_STAMPS")
ANCHOR_MAIL = os.environ.get("IMR_ANCHOR_MAIL", "").strip()
#: Whether the disks of the site's folders are encrypted by the system; where not, the site encrypts files (`platform.encryption`).
DISK_ENCRYPTED = _environment.yes("IMR_DISK_ENCRYPTED")
#: Files derived from documents, rebuilt when missing: shared by every machine or, with a bucket, each machine's own.
PAGES = Path(os.environ.get("IMR_PAGES") or HOME / "pages")
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
#: The folder of published determinations that `imr corpus build` made; pages under /corpus/ search and count it.
CORPUS = Path(os.environ.get("IMR_CORPUS") or HOME / "corpus")
#: Whether search engines may list published determinations. By default they may list nothing: their copies cannot be withdrawn.
PUBLISHED_INDEXED = _environment.yes("IMR_PUBLISHED_INDEXED")
#: Whether mental health records are withheld from the employee's side. The law of it was not seen (`law.disclosure.WITHHELD`).
MENTAL_HEALTH_WITHHELD = _environment.choice("IMR_MENTAL_HEALTH_WITHHELD", "yes", "no") == "yes"
#: How many months a consent to the release of records lasts from its signature (0: none is taken from the form), and whether it
#: leaves out tests for HIV. The law of both was not seen (`law.consent.LASTS`, `law.consent.HIV`).
CONSENT_MONTHS = _environment.number("IMR_CONSENT_MONTHS", 12, 0, 1_200)
CONSENT_WITHOUT_HIV = _environment.choice("IMR_CONSENT_WITHOUT_HIV", "yes", "no") == "yes"
#: The folder of letters from which that corpus is built; `manage.py collect` adds what this site publishes.
LETTERS = Path(os.environ.get("IMR_LETTERS") or HOME / "letters")
#: The file with the password of the demo accounts; where it exists, every page says that people and cases are invented.
INVENTED_PASSWORD = HOME / "invented-password"
#: Whether this is a demonstration: then invented accounts may be on a site that others reach over https.
DEMONSTRATION = _environment.yes("IMR_DEMONSTRATION")
#: The folder of the organization's own guidelines, one or more TOML files (docs/guidelines.md); read once, at the start.
GUIDELINES = Path(os.environ.get("IMR_GUIDELINES") or HOME / "guidelines")
#: The largest request in bytes; a larger one is refused before it is read.
UPLOAD_LIMIT = _environment.number("IMR_UPLOAD_LIMIT_MB", 100, 1, 100_000) * 1_000_000
#: The largest file of a resumable upload in bytes; unfinished uploads are stored here, for every process to see.
FILE_LIMIT = _environment.number("IMR_FILE_LIMIT_MB", 500, 1, 100_000) * 1_000_000
UPLOADS = Path(os.environ.get("IMR_UPLOADS") or HOME / "uploads")
#: What the sandbox must have before it opens a file of a stranger; its child processes read the variable themselves.
SANDBOX = _environment.choice("IMR_SANDBOX", "closed", "every-layer", "partial")
#: The most applications, and bytes of documents, that an account of a party sends within 24 hours.
DAILY_APPLICATIONS = _environment.number("IMR_DAILY_APPLICATIONS", 100, 1, 1_000_000)
DAILY_BYTES = _environment.number("IMR_DAILY_MB", 20_000, 1, 10_000_000) * 1_000_000
#: Where clamd listens, which is asked about each file that somebody sends: a path, or HOST:PORT of this machine. Empty: none is asked.
VIRUS_SCANNER = _environment.place("IMR_VIRUS_SCANNER")
#: How many looks, exports, refusals and failures of one account within an hour are still usual (`actions.unusual_activity`).
UNUSUAL = {
    "cases": _environment.number("IMR_UNUSUAL_CASES", 200, 1, 1_000_000),
    "exports": _environment.number("IMR_UNUSUAL_EXPORTS", 50, 1, 1_000_000),
    "refusals": _environment.number("IMR_UNUSUAL_REFUSALS", 50, 1, 1_000_000),
    "failures": _environment.number("IMR_UNUSUAL_FAILURES", 30, 1, 1_000_000),
}
#: Temporary files: one folder per process, removed with it; None uses the system's folder.
TEMPORARY: Path | None = Path(os.environ.get("IMR_TEMPORARY") or HOME / "temporary")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # the fields of a form, without its files
# A case file of some thousand documents has a box for each, and an application with 500 treatments has 3,000 fields for them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LANGUAGE_CODE = "en"
TIME_ZONE = "America/Los_Angeles"
USE_TZ = True
#: How many seconds this machine's clock and the database's may differ before the clock's steps wait.
CLOCK_SKEW: int | None = 60

# Sign-in
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "imr.web.platform.password_rules.KeyedHasher",
    "imr.web.platform.password_rules.MemoryHardHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "imr.web.platform.password_rules.LongestPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "imr.web.platform.passwords.LeakedPasswordValidator"},
]
# A link that sets a password counts once, and for as many seconds.
PASSWORD_RESET_TIMEOUT = 8 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:start"
ACCOUNT_ADAPTER = "imr.web.platform.authentication.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# An address counts as verified when the office makes the account with it. A new one is verified by a link in a mail, and
# cannot become the
# address of the account before (docs/decisions/0008-parties.md); nobody is kept from signing in.
ACCOUNT_EMAIL_VERIFICATION = "optional"
# Wrong codes of a second factor are counted by this alone; wrong passwords are first counted by the lockout below.
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,10/300s/key"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "imr.web.platform.authentication.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Independent Medical Review"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# Both together: a stranger locks out themselves alone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "imr.web.platform.authentication.lockout_address"
AXES_USERNAME_CALLABLE = "imr.web.platform.authentication.lockout_name"
AXES_LOCKOUT_CALLABLE = "imr.web.platform.authentication.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# Cookies and headers
# A session ends after this many seconds without a request, and at the longest after so many hours (`session_limits`).
IDLE_SECONDS = _environment.number("IMR_IDLE_MINUTES", 30, 3, 720) * 60
SESSION_COOKIE_AGE = _environment.number("IMR_SESSION_HOURS", 12, 1, 24) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# With this prefix a browser takes a cookie from this host alone, over HTTPS, and not from a page of a sister domain.
_HOST = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
#: Remembers who has signed in with a browser (`known_devices`).
DEVICE_COOKIE_NAME = f"{_HOST}device"
# What a page says next is no cookie: it may name a case.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Browsers remember a preloaded domain for years: whether to request that is for the owner of the domain, outside of this
# program.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "imr.web.portals.base.session_ended.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # the QR code of a second factor is an image in the page
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
BEHIND_PROXY = _environment.yes("IMR_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail: messages are queued in the database; maintenance sends them, into a folder where no server is configured
EMAIL_BACKEND = "imr.web.store.notifications.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("IMR_MAIL_HOST", "")
EMAIL_PORT = _environment.number("IMR_MAIL_PORT", 587, 1, 65_535)
EMAIL_HOST_USER = os.environ.get("IMR_MAIL_USER", "")
EMAIL_HOST_PASSWORD = _environment.secret("IMR_MAIL_PASSWORD")
EMAIL_TIMEOUT = _environment.number("IMR_MAIL_TIMEOUT", 10, 1, 15)  # seconds for each answer of the server
_TLS = _environment.choice("IMR_MAIL_TLS", "starttls", "implicit", "none")
EMAIL_USE_TLS, EMAIL_USE_SSL = _TLS == "starttls", _TLS == "implicit"
MAIL_TRANSPORT = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("IMR_MAIL_FROM", "imr@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "imr.web.platform.logs.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a page that does not exist is not worth a log line
        "psycopg.pool": {
            "level": "ERROR"
        },  # it tries again by itself; a caller who needs a connection logs the failure
        "axes": {"level": "ERROR"},  # lockouts are in the database, with the address
    },
}

# Letters are rendered by processes of their own: how many for each process of the site, how many seconds a letter may take,
# and
# how much memory a process may use, in bytes
LETTER_PROCESSES = _environment.number("IMR_LETTER_PROCESSES", 2, 1, 64)
LETTER_SECONDS = _environment.number("IMR_LETTER_SECONDS", 30, 1, 3_600)
LETTER_MEMORY = _environment.number("IMR_LETTER_MEMORY_MB", 2_000, 200, 1_000_000) * 1_000_000

# The review organization, as its letters name it
ORGANIZATION = os.environ.get("IMR_ORGANIZATION", "Independent Medical Review Organization")
#: How the review organization is reached, as its letters say it: where this is set, they offer to write to it.
CONTACT = os.environ.get("IMR_CONTACT", "")
CASE_NUMBER_PREFIX = os.environ.get("IMR_CASE_PREFIX", "CM")
#: What the program requires of a reviewer beyond the statute, where it differs from `law.reviewers.Criteria`.
CRITERIA: dict[str, int] = {}
