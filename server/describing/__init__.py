"""The description of the JSON API: OpenAPI 3.1 with examples and errors for every operation, and its page."""
