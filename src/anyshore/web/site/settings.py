"""Django settings. Everything an installation chooses comes from ``ANYSHORE_…`` environment variables."""

from __future__ import annotations

import os
from importlib.metadata import distribution
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from anyshore.web.accounts import identities
from anyshore.web.engine import queues
from anyshore.web.site import databases, homes, mailing
from anyshore.web.site.secrets import secret_key

WEB = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("ANYSHORE_HOME", "var")).absolute()
homes.ready(HOME)

SECRET_KEY = secret_key(HOME)
DEBUG = os.environ.get("ANYSHORE_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ANYSHORE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("ANYSHORE_HTTPS") == "1"
PROXIES = int(os.environ.get("ANYSHORE_PROXIES", "1" if HTTPS else "0"))  # of ours, that append to X-Forwarded-For
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

DATABASES = {"default": databases.default(HOME, os.environ.get("ANYSHORE_DATABASE"))}
ENDLESS_AFTER = int(os.environ.get("ANYSHORE_ENDLESS_AFTER", "0")) or None  # None: see host.limits.Limits
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django.forms",
    "anyshore.web.core",
    "anyshore.web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "anyshore.web.walls",
    "anyshore.web.engine",
    "anyshore.web.work",
    "anyshore.web.cases",
    "anyshore.web.intake",
    "anyshore.web.engagements",
    "anyshore.web.portfolio",
    "anyshore.web.library",
    "anyshore.web.webhooks",
    "anyshore.web.retention",
    "anyshore.web.operations",
    "anyshore.web.forecasts",
    "anyshore.web.screening",
    "anyshore.web.discovery",
    "anyshore.web.review",
    "anyshore.web.staffing",
    "anyshore.web.learning",
    "anyshore.web.talk",
    "anyshore.web.home",
    "anyshore.web.site",
]
if os.environ.get("ANYSHORE_QUEUE") == "1":  # an existing task queue carries wake-ups, see ADR 0012
    INSTALLED_APPS += queues.apps(DATABASES["default"])
    TASKS = queues.backends(DATABASES["default"])
    PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

MIDDLEWARE = [
    "anyshore.web.site.middleware.seen_from_outside",
    "anyshore.web.site.logs.access",
    "anyshore.web.site.tracing.traced",
    "anyshore.web.site.metrics.counted",
    "django.middleware.security.SecurityMiddleware",
    "anyshore.web.site.packing.packed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anyshore.web.site.middleware.content_security_policy",
    "anyshore.web.site.middleware.private",
    "anyshore.web.site.middleware.deadline",
    "anyshore.web.site.middleware.request_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # What is behind this one may read what was sent; before it nothing does.
    "anyshore.web.site.middleware.unknown_senders",
    "anyshore.web.site.middleware.null_characters",
    "anyshore.web.site.shapes.plain_json",
    "anyshore.web.site.repeating.once",
    "anyshore.web.site.middleware.access_record",
    "anyshore.web.site.middleware.SignInRequired",
    "anyshore.web.site.middleware.asked_once",
    "anyshore.web.site.middleware.clock_of_the_reader",
    "anyshore.web.site.middleware.handed_passwords",
    "anyshore.web.site.middleware.numbers_of_rows",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "anyshore.web.site.taking_out.tables",
    "anyshore.web.site.middleware.ProblemPages",
]

# The page of the REST API takes its template and its files from here: as an installed app, the package and all it
# validates with would be loaded by every worker and command, 13 MiB each.
NINJA = Path(str(distribution("django-ninja").locate_file("ninja")))

ROOT_URLCONF = "anyshore.web.site.urls"
WSGI_APPLICATION = "anyshore.web.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "anyshore.web.site.rendering.Templates",
        "NAME": "django",
        "DIRS": [NINJA / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anyshore.web.site.navigation.context",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "anyshore.web.core.templatetags.show",
                "anyshore.web.core.templatetags.tables",
                "anyshore.web.engagements.templatetags.tabbed",
                "anyshore.web.engine.templatetags.named",
                "anyshore.web.review.templatetags.judged",
                "anyshore.web.work.templatetags.asked",
            ],
        },
    }
]

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = ["anyshore.web.accounts.signin.EmailBackend"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
# Second factors, confirming, sessions and identities of elsewhere are django-allauth's; see anyshore.web.accounts.
ACCOUNT_ADAPTER = "anyshore.web.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_METHODS = ["password", "mfa"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # guessing is counted by accounts.throttle, for all processes together
MFA_ADAPTER = "anyshore.web.accounts.adapters.Factors"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from invitations
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "anyshore.web.accounts.factors.Code",
    "reauthenticate": "anyshore.web.accounts.factors.CodeAgain",
}
SOCIALACCOUNT_ADAPTER = "anyshore.web.accounts.external.Identities"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
IDENTITIES = identities.of_environment()
SOCIALACCOUNT_PROVIDERS = identities.configured(IDENTITIES)

MAIL = mailing.of(os.environ.get("ANYSHORE_MAIL"))  # None: links are shown to who makes them
EMAIL_BACKEND = "anyshore.web.site.mailing.Backend"
DEFAULT_FROM_EMAIL = MAIL.sender if MAIL else "anyshore@localhost"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

FORM_RENDERER = "anyshore.web.site.forms.Renderer"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [WEB / "site" / "locale"]
TIME_ZONE = os.environ.get("ANYSHORE_ZONE", "UTC")
FORMAT_MODULE_PATH = ["anyshore.web.site.formats"]
USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # grouping is asked for by filters, never by default: see rendering

STATIC_URL = "/static/"
STATICFILES_DIRS = [NINJA / "static"]
STATIC_ROOT = os.environ.get("ANYSHORE_STATIC")  # for collectstatic; without it files are served from the packages
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "anyshore.web.site.problems.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# The proxy in front speaks HTTPS and says so; it must set this header itself and drop what a browser sends.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 1024 * 1024  # what is no file: a REST request with its documents in base64
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
MOST_FILE = 25 * 1024 * 1024  # bytes of one uploaded file
MOST_OF_UNKNOWN = 64 * 1024  # bytes of a request whose sender is not signed in
UNDO_SECONDS = int(os.environ.get("ANYSHORE_UNDO_SECONDS", "10"))  # for which a decision at the desk can be undone
METRICS_TOKEN = os.environ.get("ANYSHORE_METRICS_TOKEN", "")
REQUEST_SECONDS = float(os.environ.get("ANYSHORE_REQUEST_SECONDS", "60"))
MOST_REQUEST = 200 * 1024 * 1024  # bytes of one request with all its files

JSON_LOGS = os.environ.get("ANYSHORE_LOGS") == "json"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "anyshore.web.site.logs.Json"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json" if JSON_LOGS else "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"anyshore.access": {"level": "INFO" if JSON_LOGS else "WARNING"}},
}
