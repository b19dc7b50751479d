"""What `podium bench` measures beside us: other printers (`papers`), and the same endpoint in other frameworks, each written
as its own documentation recommends (see `podium bench marks`).

A peer does for a mark what Podium does: session, CSRF, shape, aspect, work code, panel, range, the same id twice, a
cell that holds another mark, and the chained row in Podium's own table `mark`, whose chain is verified afterwards.
"""
