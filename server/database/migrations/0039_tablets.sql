-- What a tablet tells of itself beside its battery: whether it is charged, and which of its marks waits longest. `waits` is the
-- server's own clock when it heard of that mark first: tablets' clocks are not to be trusted.
ALTER TABLE device ADD COLUMN charging boolean;
ALTER TABLE device ADD COLUMN oldest text NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN waits timestamptz;

-- Who signed a sheet of paper, as whoever typed it says: accounts, and `contestant`.
ALTER TABLE paper_typing ADD COLUMN signers jsonb NOT NULL DEFAULT '[]';
