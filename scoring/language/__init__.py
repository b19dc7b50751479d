"""What a policy may say: one module per subject, each with the frozen values and the strict reading of its tables.

The words that decide nothing live here; what they do stands in the module of the same subject one floor up
(`scoring.results`, `scoring.standings`, `scoring.awards`, `scoring.promotion` …).
"""
