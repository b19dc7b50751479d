"""What `podium bench` measures: one module each, with a function `measure`."""
