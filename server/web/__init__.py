"""What every page shares: templates, words in two languages, static files. Knows no table, no stage and no rule."""
