"""Logs: one line an event, for machines in production and for people in the demonstration. Ids only, never names or IINs."""

import logging.config
import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# Whatever a library puts beside an event, these never leave the process.
_WORDS = frozenset({"event", "exception", "path", "url"})
_PRIVATE = frozenset({"iin", "name", "phone", "email", "password", "code", "address", "token"})


def plan(*, level: str, as_json: bool) -> dict[str, Any]:
    """The plan for `logging`: every logger, ours and the libraries', ends in one handler on stderr."""
    shared = _shared()
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # One line for each job and each request to a state system says nothing.
            "procrastinate": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            # A page that is not found is the visitor's affair; the server's own errors stay.
            "django.request": {"level": "ERROR"},
        },
    }


def configure(given: dict[str, Any]) -> None:
    """Set up `logging` and structlog by the plan."""
    logging.config.dictConfig(given)
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hide_private,
    ]


# What stands in some addresses opens something to whoever knows it: an errand of a telephone, the answer to a message.
_SECRET = re.compile(r"/(mgov|feedback|sign)/[^\s\"'<>?]+")


def hide_private(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:  # noqa: ARG001 - structlog's signature
    """Strike out values that the name says are personal, and what in an address is a secret."""
    for key in _PRIVATE & event.keys():
        event[key] = "***"
    for key in _WORDS & event.keys():
        if isinstance(event[key], str):
            event[key] = _SECRET.sub(r"/\1/***", event[key])
    return event
