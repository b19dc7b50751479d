"""Reports: counted from entries, ledger and results whenever somebody looks; nothing in them is typed in."""
