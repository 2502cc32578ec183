"""Live: what happens, in the browser within a second. See README.md. No Django in this package."""
