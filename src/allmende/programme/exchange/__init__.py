"""In and out of the programme: the whole as JSON and XLSX, a town's own list, the public archive."""
