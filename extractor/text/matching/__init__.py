"""What grounding is made of: forms for comparing, boundaries, approximate search, elided quotes, and the guard."""
