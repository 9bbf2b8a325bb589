-- Passwords, and what a session's proof was given by.

create table credentials (
    id blob primary key not null,
    user_id blob not null references users (id),
    kind text not null check (kind in ('password', 'passkey')),
    -- What its holder calls it; a password needs no name.
    name text,
    -- A password's slow hash, as a PHC string.
    secret text not null,
    enrolled_at integer not null,
    -- Since when nothing but mail stands behind it; null where more does.
    mail_since integer,
    -- When it stops, or stopped, working.
    ends_at integer,
    last_used_at integer,
    constraint credentials_name check ((kind = 'passkey') = (name is not null)),
    -- Not even a mistake stores what was typed.
    constraint credentials_secret check (kind <> 'password' or secret like '$argon2id$%'),
    constraint credentials_moments check (mail_since <= enrolled_at and ends_at >= enrolled_at and last_used_at >= enrolled_at)
) strict;
create index credentials_user on credentials (user_id, kind, enrolled_at);
create index credentials_ends on credentials (ends_at) where ends_at is not null;

create trigger credentials_guard before update on credentials
when new.id <> old.id or new.user_id <> old.user_id or new.kind <> old.kind or new.secret <> old.secret
    or new.enrolled_at <> old.enrolled_at or new.mail_since is not old.mail_since
begin
    select raise(abort, 'a credential never changes');
end;
create trigger credentials_end before update on credentials
when old.ends_at is not null and (new.ends_at is null or new.ends_at > old.ends_at)
begin
    select raise(abort, 'a credential never works longer than was said');
end;

-- By what the proof of a session was given; null is a mailed code.
alter table sessions add column proven_by blob references credentials (id)
    constraint sessions_proof check (proven_by is null or proven_at is not null);
create index sessions_proven_by on sessions (proven_by) where proven_by is not null;

create trigger sessions_begin before insert on sessions
when new.proven_by is not null
    and not exists (select 1 from credentials where id = new.proven_by and user_id = new.user_id)
begin
    select raise(abort, 'a session is proven by a credential of its person');
end;
create trigger sessions_prove before update on sessions
when new.proven_by is not null
    and not exists (select 1 from credentials where id = new.proven_by and user_id = new.user_id)
begin
    select raise(abort, 'a session is proven by a credential of its person');
end;

-- How often a password was tried lately, for one address or in one session, known or not. No address stands here.
create table password_guesses (
    subject blob primary key not null check (length(subject) = 32),
    since_at integer not null,
    count integer not null check (count >= 0)
) strict;
create index password_guesses_age on password_guesses (since_at);
