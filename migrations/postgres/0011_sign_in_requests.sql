-- Requests to sign in, of anybody: a row is the same whether or not somebody has the address, so that nobody learns from
-- writing one who is known. Who it is, and whether a mail goes out, is looked up later.
create table sign_in_requests (
    id uuid primary key,
    email text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    -- When it was looked up whose address it is, and a mail was queued if it is somebody's.
    mailed_at timestamptz,
    used_at timestamptz
);
create index sign_in_requests_email on sign_in_requests (email, expires_at);
create index sign_in_requests_age on sign_in_requests (expires_at);
create index sign_in_requests_due on sign_in_requests (id) where mailed_at is null;

-- The codes that are left belong to a person who is known already.
delete from codes where purpose = 'sign_in';
alter table codes drop constraint codes_purpose;
alter table codes add constraint codes_purpose check (purpose in ('proof', 'link', 'email'));

-- Tries at codes are counted as those at passwords are, for addresses and requests, known or not.
drop table guesses;
alter table password_guesses rename to guesses;
alter index password_guesses_age rename to guesses_age;
