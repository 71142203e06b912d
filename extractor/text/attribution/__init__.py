"""Who says, thinks or wants what in an article: quotations and reported speech with their sources."""
