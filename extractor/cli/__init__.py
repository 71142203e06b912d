"""The command line: parses, wires, prints, and sets the exit code. No logic."""
