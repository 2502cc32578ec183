"""Addresses of things, for rows that are written by the hundred."""

import functools

from django.urls import reverse


@functools.lru_cache(maxsize=4096)
def link(route: str, *args: str) -> str:
    """Like `reverse(route, args=args)`, kept: addresses do not change while a process runs.

    Raises NoReverseMatch for an unknown route.
    """
    return reverse(route, args=args)
