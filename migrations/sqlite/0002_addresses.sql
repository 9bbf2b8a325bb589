-- A person changes their address.

-- When the address was last changed; null while it is the first one.
alter table users add column email_changed_at integer;
-- Counts the edits of name and address.
alter table users add column version integer not null default 1;

-- The addresses of owners, nominees and electors stay as they are. An owner who has not accepted yet is none.
create trigger users_email_with_moment before update on users
when (new.email <> old.email or new.email_changed_at is not old.email_changed_at)
    and (new.email = old.email or new.email_changed_at is null or new.email_changed_at is old.email_changed_at)
begin
    select raise(abort, 'an address changes together with the moment of its change');
end;
create trigger users_email_of_owner before update on users
when new.email <> old.email
    and exists (select 1 from members where user_id = old.id and owner and status <> 'invited')
begin
    select raise(abort, 'an owner keeps their address');
end;
create trigger users_email_of_nominee before update on users
when new.email <> old.email
    and exists (select 1 from cases where nominee = old.id and state in ('collecting', 'waiting', 'paused'))
begin
    select raise(abort, 'the nominee of an open case keeps their address');
end;
create trigger users_email_of_elector before update on users
when new.email <> old.email and exists (
    select 1 from electors e join cases c on c.id = e.case_id
    where e.user_id = old.id and e.lost_at is null and c.state in ('collecting', 'waiting', 'paused')
)
begin
    select raise(abort, 'an elector of an open case keeps their address');
end;

-- Where a person counts, and where they are nominated, is asked before their address changes.
create index roster_user on roster (user_id);
create index cases_nominee on cases (nominee) where state in ('collecting', 'waiting', 'paused');

-- Electors whose address had changed too recently vote signed in, and in no other way.
alter table electors add column signed_in_only integer not null default 0 check (signed_in_only in (0, 1));

drop trigger electors_update;
create trigger electors_update before update on electors
when new.case_id <> old.case_id or new.user_id <> old.user_id or new.signed_in_only <> old.signed_in_only
    or old.lost_at is not null
begin
    select raise(abort, 'the electorate never changes, and a lost ballot never comes back');
end;

create trigger ballots_by_mail before insert on ballots
when new.way <> 'signed_in' and exists (
    select 1 from electors where case_id = new.case_id and user_id = new.user_id and signed_in_only
)
begin
    select raise(abort, 'an elector whose address changed too recently casts no ballot by mail');
end;
create trigger ballots_by_mail_later before update on ballots
when new.way <> 'signed_in' and exists (
    select 1 from electors where case_id = new.case_id and user_id = new.user_id and signed_in_only
)
begin
    select raise(abort, 'an elector whose address changed too recently casts no ballot by mail');
end;

-- A code that goes to an address which a person wants to have. It belongs to the session that asked for it. SQLite
-- changes no check of a table, so the table is made anew.
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
    constraint codes_purpose check (purpose in ('sign_in', 'proof', 'link', 'email')),
    constraint codes_email check (
        (purpose = 'email') = (email is not null) and (purpose <> 'email' or session_id is not null)
    )
) strict;
insert into codes_anew (id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at)
    select id, purpose, user_id, session_id, link_id, created_at, expires_at, wrong, used_at from codes;
drop table codes;
alter table codes_anew rename to codes;
create index codes_user on codes (user_id, purpose, created_at);
