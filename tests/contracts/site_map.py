"""Every address of the site, read from the URL configuration itself."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    parameters: tuple[str, ...]
    callback: Any


def routes(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> list[Route]:
    """Every named and unnamed address of the site, in the order of the URL configuration."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            regex = getattr(entry.pattern, "regex", None)
            parameters = tuple(entry.pattern.converters) or tuple(regex.groupindex if regex else ())
            found.append(Route(f"{namespace}{entry.name or ''}", pattern, parameters, entry.callback))
    return found
