"""Verification: by number, by the code on the paper, by the PDF itself."""
