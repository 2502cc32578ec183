"""Pure parts of the places: names, OpenStreetMap files, tiles. No Django."""
