"""Lists: one way to search, narrow, order, page, keep and take home whatever there are many of."""
