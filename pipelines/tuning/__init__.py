"""What other thresholds would have done to the visits that staff made, and how a person puts one into force."""
