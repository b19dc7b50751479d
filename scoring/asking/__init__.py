"""The questions an auditor can ask with files alone: JSON types in, JSON types out.

Every question is a pure function from data to an answer; `python -m scoring QUESTION` asks one on the command line.
What comes in is read as strictly as a policy. The shapes are published in `scoring/schemas/`.
"""
