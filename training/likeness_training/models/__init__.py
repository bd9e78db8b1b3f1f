"""The networks of a bundle and those that teach it."""
