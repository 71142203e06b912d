"""The only layer that opens the project's files: articles in (`readers`), records out, prompts."""
