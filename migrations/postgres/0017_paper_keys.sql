-- Paper keys. Of a key itself there is only the hash of its 160 bits; it goes with the recovery user who holds it.
create table paper_keys (
    id uuid primary key,
    account_id uuid not null,
    recovery_user_id uuid not null,
    -- By what a key is looked up. It opens nothing.
    number bytea not null check (length(number) = 5),
    secret_hash bytea not null check (length(secret_hash) = 32),
    issued_by uuid not null references users (id),
    issued_at timestamptz not null,
    expires_at timestamptz,
    drilled_at timestamptz,
    ended_at timestamptz,
    ended text check (ended in ('revoked', 'superseded', 'recovered', 'redeemed')),
    constraint paper_keys_home foreign key (recovery_user_id, account_id)
        references recovery_users (id, account_id) on delete cascade,
    constraint paper_keys_number unique (number),
    constraint paper_keys_end check ((ended_at is null) = (ended is null)),
    constraint paper_keys_expiry check (expires_at > issued_at)
);
create index paper_keys_user on paper_keys (recovery_user_id, id);
create index paper_keys_account on paper_keys (account_id) where ended_at is null;

create function paper_keys_guard() returns trigger language plpgsql as $$
begin
    if old.ended_at is not null or new.number <> old.number or new.secret_hash <> old.secret_hash
        or new.recovery_user_id <> old.recovery_user_id or new.account_id <> old.account_id
        or new.issued_at <> old.issued_at or new.expires_at is distinct from old.expires_at
        or new.drilled_at < old.drilled_at or (old.drilled_at is not null and new.drilled_at is null) then
        raise exception 'a paper key stays as it was issued, and ends once';
    end if;
    return new;
end $$;
create trigger paper_keys_guard before update on paper_keys
for each row execute function paper_keys_guard();
