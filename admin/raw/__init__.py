"""Raw tables for a superuser: which of them are shown, who comes through the door, and what of it is kept.

shown     which tables and columns there are to see, and which may be changed: values, and nothing of the library
mounted   piccolo_admin itself, made when somebody opens it: nothing else imports it
door      every request: whose it is, whether it is one of those that are let in, what is written down of it
pages     opening, closing, and the trail
"""
