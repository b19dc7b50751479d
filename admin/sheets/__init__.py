"""Excel in and out: what delegations and chief judges send as workbooks, and what the office sends back."""
