"""Django's settings. What differs between places comes from `env`; nothing else is read here."""

from pathlib import Path

from csp.constants import NONE, SELF

from balabaqsha.config import addresses, data_folder, env, logs

PACKAGE = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.current()
MODE = ENVIRONMENT.mode
_PRODUCTION = not ENVIRONMENT.demonstration

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
BASE_URL = ENVIRONMENT.base_url
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "procrastinate.contrib.django",
    "balabaqsha.record",
    "balabaqsha.territories",
    "balabaqsha.law",
    "balabaqsha.signatures",
    "balabaqsha.documents",
    "balabaqsha.people",
    "balabaqsha.kindergartens",
    "balabaqsha.applications",
    "balabaqsha.line",
    "balabaqsha.vouchers",
    "balabaqsha.referrals",
    "balabaqsha.legacy",
    "balabaqsha.admissions",
    "balabaqsha.notifications",
    "balabaqsha.transparency",
    "balabaqsha.insight",
    "balabaqsha.notices",
    "balabaqsha.checks",
    "balabaqsha.accounts",
    "balabaqsha.desk",
    "balabaqsha.web.kit",
    "balabaqsha.web.crowd",
    "balabaqsha.web.public",
    "balabaqsha.web.parent",
    "balabaqsha.web.kindergarten",
    "balabaqsha.web.department",
    "balabaqsha.web.doctor",
    "balabaqsha.web.ministry",
]

# A claimant that waits longer than this for a lock is told "busy".
_LOCK_TIMEOUT = "-c lock_timeout=3s"
_database = addresses.parts(ENVIRONMENT.database)
DATABASES = {
    "default": {
        "ENGINE": "balabaqsha.config.postgres",
        **_database,
        "OPTIONS": {
            **_database["OPTIONS"],
            # Plans are kept by the server: docs/decisions/database-connection.md.
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": f"{_database['OPTIONS'].get('options', '')} {_LOCK_TIMEOUT}".strip(),
        },
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "balabaqsha.web.crowd.middleware.waiting_room",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "balabaqsha.accounts.middleware.entry",
    "balabaqsha.web.parent.counts.counts",
    "balabaqsha.web.public.place.location",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "balabaqsha.config.urls"
# Threads of one web process. More would only queue for Python's one lock; fewer would idle while PostgreSQL works.
WEB_THREADS = 3
# The share of their time at which nobody else is let in at once.
CROWD_FULL = ENVIRONMENT.crowd_full / 100
WSGI_APPLICATION = "balabaqsha.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "balabaqsha.web.kit.context.site",
                *([] if _PRODUCTION else ["balabaqsha.web.public.demonstration.bar"]),
            ],
        },
    }
]

LANGUAGE_CODE = "kk"
LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = _PRODUCTION
FORMAT_MODULE_PATH = "balabaqsha.web.kit.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_ROOT = ENVIRONMENT.data / data_folder.FILES
FILE_UPLOAD_HANDLERS = ["balabaqsha.documents.http.BoundedUploadHandler"]

# The middleware of accounts enforces the real lives; the cookie must only outlast the longest of them.
SESSION_ENGINE = "balabaqsha.accounts.session_store"
SESSION_COOKIE_AGE = 30 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _PRODUCTION
# Two towns on one machine differ by their port only, which cookies do not see.
SESSION_COOKIE_NAME = "sessionid" if _PRODUCTION else f"sessionid-{ENVIRONMENT.port}"
CROWD_COOKIE_NAME = "turn" if _PRODUCTION else f"turn-{ENVIRONMENT.port}"
DEVICE_COOKIE_NAME = "device" if _PRODUCTION else f"device-{ENVIRONMENT.port}"
CSRF_COOKIE_NAME = "csrftoken" if _PRODUCTION else f"csrftoken-{ENVIRONMENT.port}"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _PRODUCTION
CSRF_FAILURE_VIEW = "balabaqsha.web.kit.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Names of tones in the design kit.
MESSAGE_TAGS = {25: "ok", 30: "warn", 40: "bad"}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PROCRASTINATE_IMPORT_PATHS = ["balabaqsha.commands.schedules", "balabaqsha.web.department.reports.jobs"]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = _PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _PRODUCTION
SECURE_HSTS_PRELOAD = _PRODUCTION
# Only a proxy of ours may say that the visitor came over TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.trusted_proxies else None

GATEWAYS = ENVIRONMENT.gateways
SIGNATURE_AUTHORITIES = ENVIRONMENT.signature_authorities
SIGNATURE_AUTHORITY_PINS = ENVIRONMENT.signature_authority_pins
SIGNATURE_REVOCATION_LISTS = ENVIRONMENT.signature_revocation_lists
SIGNATURE_REVOCATION_POLICY = ENVIRONMENT.signature_revocation_policy
SIGNATURE_NODE = ENVIRONMENT.signature_node
EGOV_MOBILE_BIN = ENVIRONMENT.egov_mobile_bin
KEY_FILES = ENVIRONMENT.key_files

LOGGING_CONFIG = "balabaqsha.config.logs.configure"
LOGGING = logs.plan(level=ENVIRONMENT.log_level, as_json=_PRODUCTION)
