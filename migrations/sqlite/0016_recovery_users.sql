-- People whom owners chose to hold paper keys. They need no account of their own here.
create table recovery_users (
    id blob primary key not null,
    account_id blob not null references accounts (id),
    name text not null check (length(name) between 1 and 100),
    added_by blob not null references users (id),
    added_at integer not null,
    constraint recovery_users_home unique (id, account_id)
) strict;
create index recovery_users_account on recovery_users (account_id, id);

-- Where mails to them go. An address is one person's in an account, and counts once it is confirmed.
create table recovery_addresses (
    id blob primary key not null,
    recovery_user_id blob not null,
    account_id blob not null,
    email text not null check (length(email) between 3 and 254),
    confirmed_at integer,
    constraint recovery_addresses_home foreign key (recovery_user_id, account_id)
        references recovery_users (id, account_id) on delete cascade,
    constraint recovery_addresses_one unique (account_id, email)
) strict;
create index recovery_addresses_user on recovery_addresses (recovery_user_id);

create trigger recovery_addresses_guard before update on recovery_addresses
when new.email <> old.email or new.recovery_user_id <> old.recovery_user_id or new.account_id <> old.account_id
    or (old.confirmed_at is not null and new.confirmed_at is not old.confirmed_at)
begin
    select raise(abort, 'a recovery address stays as it is, and is confirmed once');
end;

-- The links and typed codes that were mailed there. Neither stands here: both are derived from the id.
create table recovery_codes (
    id blob primary key not null,
    address_id blob not null references recovery_addresses (id) on delete cascade,
    kind text not null check (kind in ('link', 'code')),
    created_at integer not null,
    expires_at integer not null,
    wrong integer not null default 0,
    used_at integer
) strict;
create index recovery_codes_address on recovery_codes (address_id, kind);
create index recovery_codes_expires on recovery_codes (expires_at);

create trigger recovery_codes_guard before update on recovery_codes
when old.used_at is not null or new.wrong < old.wrong or new.expires_at <> old.expires_at or new.kind <> old.kind
    or new.address_id <> old.address_id
begin
    select raise(abort, 'a code is used once, for what it was made');
end;

-- Mails go to recovery users, too, who are nobody's member.
create table mails_anew (
    id blob primary key not null,
    account_id blob references accounts (id),
    case_id blob references cases (id),
    user_id blob references users (id),
    address text not null,
    recipient text not null,
    kind text not null,
    -- For owner alerts, what happened: the notice that completion asks for is a `quorum` alert.
    event text,
    message text not null,
    link_id blob references links (id),
    status text not null check (status in ('queued', 'accepted', 'undeliverable', 'dropped')),
    attempts integer not null,
    created_at integer not null,
    -- When to try (again); null once nothing more is tried.
    next_at integer,
    accepted_at integer,
    last_answer text,
    brand_name text,
    brand_colour text,
    constraint mails_shape check ((status = 'queued') = (next_at is not null)),
    constraint mails_reader check (user_id is not null or account_id is not null)
) strict;
insert into mails_anew (id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts,
        created_at, next_at, accepted_at, last_answer, brand_name, brand_colour)
    select id, account_id, case_id, user_id, address, recipient, kind, event, message, link_id, status, attempts,
        created_at, next_at, accepted_at, last_answer, brand_name, brand_colour
    from mails;
drop table mails;
alter table mails_anew rename to mails;
create index mails_next on mails (next_at) where next_at is not null;
create index mails_case on mails (case_id, id) where case_id is not null;
create index mails_account on mails (account_id, id) where account_id is not null;
create index mails_user on mails (user_id, id);
create index mails_event on mails (event) where event is not null and case_id is null;
-- The newest mail to an address of theirs tells whether mail reaches them.
create index mails_address on mails (address, id) where user_id is null;
