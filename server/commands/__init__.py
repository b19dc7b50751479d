"""The commands, one module each; `server/cli.py` lists them and loads the one that runs."""
