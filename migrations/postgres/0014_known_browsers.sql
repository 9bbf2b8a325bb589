-- The browsers that somebody has signed in from. Whoever signs in from another one is written to about it.
create table known_browsers (
    user_id uuid not null references users (id),
    -- SHA-256 of what the browser keeps. One browser may be known of several people.
    token_hash bytea not null,
    known_at timestamptz not null,
    used_at timestamptz not null,
    -- The session that last began there. It may be gone.
    session_id uuid not null,
    primary key (user_id, token_hash)
);
create index known_browsers_age on known_browsers (used_at);
