"""Results, computed from the ledger and the policy, and their frozen snapshots."""
