"""Articles in (`readers`), records out (`output`) and back (`records`), prompts; and how a file is written whole."""
