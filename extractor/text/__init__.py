"""Pure functions over the text of one article: no network, no clock, no model."""
