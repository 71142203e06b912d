"""Who answers: one interface for hosted, local, recorded and rule-based models."""
