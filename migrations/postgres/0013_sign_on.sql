-- At which provider the people of an account sign in, where its owners have said so.
create table sign_ons (
    account_id uuid primary key references accounts (id),
    -- The address by which the provider names itself, letter by letter.
    issuer text not null check (length(issuer) between 9 and 255),
    client_id text not null check (length(client_id) between 1 and 255),
    -- Encrypted under the server's secret; none for a public client.
    client_secret bytea check (client_secret is null or length(client_secret) between 29 and 2048),
    set_by uuid not null references users (id),
    set_at timestamptz not null
);

-- By what subject the provider knows somebody: kept when they first sign in there, and theirs alone from then on.
create table sign_on_subjects (
    account_id uuid not null references sign_ons (account_id) on delete cascade,
    user_id uuid not null references users (id),
    subject text not null check (length(subject) between 1 and 255),
    pinned_at timestamptz not null,
    primary key (account_id, user_id)
);
create unique index sign_on_subjects_subject on sign_on_subjects (account_id, subject);

create function sign_on_subjects_guard() returns trigger language plpgsql as $$
begin
    raise exception 'a subject stays whose it is';
end $$;
create trigger sign_on_subjects_guard before update on sign_on_subjects
for each row execute function sign_on_subjects_guard();

create function sign_ons_guard() returns trigger language plpgsql as $$
begin
    if new.account_id <> old.account_id or (
        (new.issuer <> old.issuer or new.client_id <> old.client_id)
        and exists (select 1 from sign_on_subjects s where s.account_id = old.account_id)
    ) then
        raise exception 'another provider knows nobody yet';
    end if;
    return new;
end $$;
create trigger sign_ons_guard before update on sign_ons for each row execute function sign_ons_guard();

-- The one account that a session is for, because a provider of that account vouched for its person. It stays so, and nothing
-- is ever proven in it.
alter table sessions
    add column account_id uuid references accounts (id),
    add constraint sessions_within check (account_id is null or (proven_at is null and proven_by is null));
create index sessions_account on sessions (account_id) where account_id is not null;

create function sessions_within() returns trigger language plpgsql as $$
begin
    if new.account_id is distinct from old.account_id then
        raise exception 'a session stays as far as it goes';
    end if;
    return new;
end $$;
create trigger sessions_within before update on sessions for each row execute function sessions_within();
