"""The rules of a competition: pure values in, pure values out.

Nothing here knows a web, a database, a clock, dice or a disk, and there is no binary fraction anywhere: marks are
whole hundredths, everything between a mark and a result is a `fractions.Fraction`, and a number is rounded only where
the policy says, in the way the policy says. Time and seed are arguments.

Read from left to right: `marks` → `results` → `standings` → `awards` → `promotion`, all under one `policy`;
beside them `draw`, `identity`, `ladder`, `eligibility`, `review`. `explain` tells how a number came about.
"""
