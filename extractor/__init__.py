"""Who claims what, who stands where, who promised what, by when, and where exactly the article says so."""

__version__ = "0.1.0"
