"""Allmende: one platform on which a municipality runs its digital programme."""

__version__ = "0.1.0"
