-- People whom owners chose to hold paper keys. They need no account of their own here.
create table recovery_users (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    name text not null check (length(name) between 1 and 100),
    added_by uuid not null references users (id),
    added_at timestamptz not null,
    constraint recovery_users_home unique (id, account_id)
);
create index recovery_users_account on recovery_users (account_id, id);

-- Where mails to them go. An address is one person's in an account, and counts once it is confirmed.
create table recovery_addresses (
    id uuid primary key,
    recovery_user_id uuid not null,
    account_id uuid not null,
    email text not null check (length(email) between 3 and 254),
    confirmed_at timestamptz,
    constraint recovery_addresses_home foreign key (recovery_user_id, account_id)
        references recovery_users (id, account_id) on delete cascade,
    constraint recovery_addresses_one unique (account_id, email)
);
create index recovery_addresses_user on recovery_addresses (recovery_user_id);

create function recovery_addresses_guard() returns trigger language plpgsql as $$
begin
    if new.email <> old.email or new.recovery_user_id <> old.recovery_user_id or new.account_id <> old.account_id
        or (old.confirmed_at is not null and new.confirmed_at is distinct from old.confirmed_at) then
        raise exception 'a recovery address stays as it is, and is confirmed once';
    end if;
    return new;
end $$;
create trigger recovery_addresses_guard before update on recovery_addresses
for each row execute function recovery_addresses_guard();

-- The links and typed codes that were mailed there. Neither stands here: both are derived from the id.
create table recovery_codes (
    id uuid primary key,
    address_id uuid not null references recovery_addresses (id) on delete cascade,
    kind text not null check (kind in ('link', 'code')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    wrong bigint not null default 0,
    used_at timestamptz
);
create index recovery_codes_address on recovery_codes (address_id, kind);
create index recovery_codes_expires on recovery_codes (expires_at);

create function recovery_codes_guard() returns trigger language plpgsql as $$
begin
    if old.used_at is not null or new.wrong < old.wrong or new.expires_at <> old.expires_at or new.kind <> old.kind
        or new.address_id <> old.address_id then
        raise exception 'a code is used once, for what it was made';
    end if;
    return new;
end $$;
create trigger recovery_codes_guard before update on recovery_codes
for each row execute function recovery_codes_guard();

-- Mails go to recovery users, too, who are nobody's member.
alter table mails
    alter column user_id drop not null,
    add constraint mails_reader check (user_id is not null or account_id is not null);
-- The newest mail to an address of theirs tells whether mail reaches them.
create index mails_address on mails (address, id) where user_id is null;
