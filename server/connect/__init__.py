"""Speaking with other machines over HTTP."""
