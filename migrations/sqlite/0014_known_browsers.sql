-- The browsers that somebody has signed in from. Whoever signs in from another one is written to about it.
create table known_browsers (
    user_id blob not null references users (id),
    -- SHA-256 of what the browser keeps. One browser may be known of several people.
    token_hash blob not null,
    known_at integer not null,
    used_at integer not null,
    -- The session that last began there. It may be gone.
    session_id blob not null,
    primary key (user_id, token_hash)
) strict, without rowid;
create index known_browsers_age on known_browsers (used_at);
