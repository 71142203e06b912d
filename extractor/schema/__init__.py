"""What goes in (Article), what a model returns (Reading), and what we publish (Record)."""
