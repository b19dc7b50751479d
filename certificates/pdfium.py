"""What everybody who opens a document with PDFium shares."""

import threading

ONE_AT_A_TIME = threading.Lock()
"""PDFium keeps its state in one place for the whole process: two threads in it at once break both."""
