"""Geometry: what a place is in numbers. `core` and `shape` are pure; `fields`, `models` and `queries` know Django."""
