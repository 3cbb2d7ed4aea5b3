"""Django's settings. Everything an operator may change comes from the environment and is listed in docs/settings.md."""

from pathlib import Path

from yutang.kernel import env

HOME = env.folder("YUTANG_HOME", "var")  # all state: database, keys, uploads, imports
HOME.mkdir(parents=True, exist_ok=True)

from yutang.kernel.secret_key import load_secret_key  # noqa: E402  (needs HOME to exist)

PORT = env.integer("YUTANG_PORT", 8000)
PUBLIC_URL = env.text("YUTANG_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")  # how the world reaches us
CLOCK_FILE = env.text("YUTANG_CLOCK_FILE")  # holds an offset in seconds; empty: the machine's own clock
DATABASE_URL = env.text("DATABASE_URL")
WEB_PROCESSES = max(env.integer("YUTANG_WEB_PROCESSES", 1), 1)  # of this installation; each allows its share of a rate
FAILED_EVENT_DAYS = max(env.integer("YUTANG_FAILED_EVENT_DAYS", 90), 1)  # since a refused event last came
FAILED_EVENTS_KEPT = max(env.integer("YUTANG_FAILED_EVENTS_KEPT", 20_000), 1)  # refused events of one source
SESSION_DAYS = env.integer("YUTANG_SESSION_DAYS", 14)
UPLOAD_LIMIT_MB = env.integer("YUTANG_UPLOAD_LIMIT_MB", 512)

ROOT = Path(__file__).resolve().parent.parent
WEB_DIST = ROOT / "web" / "dist"

# The lake: where its catalog and its files are, and what analyses may take of the machine.
LAKE_CATALOG = env.text("YUTANG_LAKE_CATALOG", f"sqlite:///{HOME}/lake/catalog.sqlite3")  # an SQLAlchemy address
LAKE_WAREHOUSE = env.text("YUTANG_LAKE_WAREHOUSE", f"file://{HOME}/lake/tables")
LAKE_MEMORY_MB = env.integer("YUTANG_LAKE_MEMORY_MB", 2048)  # of a process that analyses
LAKE_THREADS = env.integer("YUTANG_LAKE_THREADS", 0)  # 0: as many as the machine has
LAKE_SECONDS = env.integer("YUTANG_LAKE_SECONDS", 60)  # the longest a question may take

DEBUG = env.flag("YUTANG_DEBUG")
SECRET_KEY = load_secret_key(HOME)
# The console may be reached by any name a merchant gives the machine; the session cookie, not the name, is the guard.
ALLOWED_HOSTS = [host for host in env.text("YUTANG_ALLOWED_HOSTS", "*").split(",") if host]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "yutang.kernel",
    "yutang.organization",
    "yutang.customers",
    "yutang.events",
    "yutang.lake",
    "yutang.segments",
    "yutang.content",
    "yutang.channels.wecom",
    "yutang.acquisition",
    "yutang.commerce",
    "yutang.insights",
    "yutang.api",
]

MIDDLEWARE = [
    "yutang.api.middleware.SecurityHeaders",
    "django.middleware.common.CommonMiddleware",
    "yutang.api.middleware.RefuseUnstorable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yutang.api.middleware.SpeakTheirLanguage",
    "yutang.api.middleware.RefuseInOneShape",
]

APPEND_SLASH = False
ROOT_URLCONF = "yutang.urls"
WSGI_APPLICATION = "yutang.wsgi.application"
TEMPLATES: list[dict[str, object]] = []

DATABASES = {"default": env.database(DATABASE_URL, HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organization.Account"
PASSWORD_HASHERS = [
    "yutang.organization.passwords.ThriftyArgon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SECURE_COOKIES = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_NAME = "yutang_session"
SESSION_COOKIE_AGE = SESSION_DAYS * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_NAME = "yutang_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_FAILURE_VIEW = "yutang.api.errors.csrf_failed"
BEHIND_PROXY = env.flag("YUTANG_BEHIND_PROXY")  # one proxy in front: believe its X-Forwarded-For and -Proto
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT_MB * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "UTC"
USE_I18N = False  # two languages, kept side by side in kernel.language; no catalogue files to compile
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("YUTANG_LOG_LEVEL", "INFO")},
    # httpx prints whole URLs at INFO, and WeCom carries tokens in them.
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}
