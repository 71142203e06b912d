"""From articles to records: one article (extract), many in order (batch), and a run with its files (run)."""
