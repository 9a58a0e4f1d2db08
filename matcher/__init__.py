"""Companies and park → prospects with reasons, and the formula that made them."""
