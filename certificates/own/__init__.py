"""An organiser's own template: what its ZIP may hold, how it is set, and whether it can be relied on."""
