-- Requests to sign in, of anybody: a row is the same whether or not somebody has the address, so that nobody learns from
-- writing one who is known. Who it is, and whether a mail goes out, is looked up later.
create table sign_in_requests (
    id blob primary key not null,
    email text not null,
    created_at integer not null,
    expires_at integer not null,
    -- When it was looked up whose address it is, and a mail was queued if it is somebody's.
    mailed_at integer,
    used_at integer
) strict;
create index sign_in_requests_email on sign_in_requests (email, expires_at);
create index sign_in_requests_age on sign_in_requests (expires_at);
create index sign_in_requests_due on sign_in_requests (id) where mailed_at is null;

-- The codes that are left belong to a person who is known already. SQLite changes no check of a table, so the table is made
-- anew.
create table codes_anew (
    id blob primary key not null,
    purpose text not null,
    user_id blob not null references users (id),
    session_id blob references sessions (id),
    link_id blob,
    created_at integer not null,
    expires_at integer not null,
    wrong integer not null,
    used_at integer,
    email text,
    constraint codes_purpose check (purpose in ('proof', 'link', 'email')),
    constraint codes_email check (
        (purpose = 'email') = (email is not null) and (purpose <> 'email' or session_id is not null)
    )
) strict;
insert into codes_anew (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email)
    select id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at, email from codes
    where purpose <> 'sign_in';
drop table codes;
alter table codes_anew rename to codes;
create index codes_user on codes (user_id, purpose, created_at);

-- Tries at codes are counted as those at passwords are, for addresses and requests, known or not.
drop table guesses;
drop index password_guesses_age;
alter table password_guesses rename to guesses;
create index guesses_age on guesses (since_at);
