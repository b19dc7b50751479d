"""What `podium faults` breaks: one module each, with a function `measure` whose rows say what was lost."""
