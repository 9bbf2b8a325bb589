-- Where an account's webhooks go, and how far they have come. An endpoint gets the entries of the account's activity log one after
-- the other; those up to its cursor are done with.
create table webhooks (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    url text not null check (length(url) between 9 and 1024),
    -- By what it knows that they are ours, encrypted under the server's secret; and the one before, for as long as both are signed with.
    secret bytea not null check (length(secret) between 29 and 2048),
    set_by uuid not null references users (id),
    set_at timestamptz not null,
    previous_secret bytea check (length(previous_secret) between 29 and 2048),
    previous_until timestamptz,
    created_by uuid not null references users (id),
    created_at timestamptz not null,
    status text not null check (status in ('active', 'ending', 'disabled')),
    why text check (why in ('owner', 'failed', 'gone', 'recovered')),
    disabled_at timestamptz,
    -- The last entry that it gets, where a recovery ends it.
    last_seq bigint check (last_seq >= 1),
    cursor_seq bigint not null check (cursor_seq >= 0),
    attempts bigint not null check (attempts >= 0),
    failing_since timestamptz,
    retry_at timestamptz,
    -- A test that an owner asked for.
    test_id uuid,
    -- When a worker looks at it; none while there is nothing to send.
    next_at timestamptz,
    -- Until when a worker has it, and by what number: whoever finds another one has lost it.
    claimed_until timestamptz,
    claims bigint not null check (claims >= 0),
    constraint webhooks_shape check (
        (status = 'active' and why is null and disabled_at is null and last_seq is null)
        or (status = 'ending' and why is null and disabled_at is null and last_seq is not null)
        or (status = 'disabled' and why is not null and disabled_at is not null and last_seq is null)
    ),
    constraint webhooks_previous check ((previous_secret is null) = (previous_until is null)),
    constraint webhooks_failing check ((failing_since is null) = (attempts = 0) and (retry_at is null or attempts > 0)),
    constraint webhooks_rests check (next_at is null or status <> 'disabled' or test_id is not null)
);
create unique index webhooks_url on webhooks (account_id, url);
create index webhooks_next_at on webhooks (next_at, id) where next_at is not null;
create index webhooks_previous_until on webhooks (previous_until) where previous_until is not null;

create function webhooks_few() returns trigger language plpgsql as $$
begin
    if (select count(*) from webhooks w where w.account_id = new.account_id) >= 10 then
        raise exception 'an account has ten webhook endpoints at most';
    end if;
    return new;
end $$;
create trigger webhooks_few before insert on webhooks for each row execute function webhooks_few();

create function webhooks_guard() returns trigger language plpgsql as $$
begin
    if new.account_id <> old.account_id or new.url <> old.url or new.cursor_seq < old.cursor_seq or new.claims < old.claims
        -- A secret that a recovery has ended signs nothing new, and only another one ends that.
        or (old.status = 'ending' and new.secret = old.secret
            and not (new.status = 'ending' and new.last_seq = old.last_seq or new.status = 'disabled' and new.why = 'recovered'))
        or (old.status = 'disabled' and old.why = 'recovered' and new.secret = old.secret
            and not (new.status = 'disabled' and new.why = 'recovered'))
        or ((old.status = 'ending' or old.why = 'recovered') and new.secret <> old.secret and new.previous_secret is not null)
    then
        raise exception 'an endpoint stays where it is, goes forward only, and signs with no ended secret';
    end if;
    return new;
end $$;
create trigger webhooks_guard before update on webhooks for each row execute function webhooks_guard();

-- Each attempt, for the account's owners.
create table webhook_deliveries (
    id uuid primary key,
    webhook_id uuid not null references webhooks (id) on delete cascade,
    -- The id and the type of what was sent.
    event text not null check (length(event) between 1 and 100),
    type text not null check (length(type) between 1 and 100),
    attempt bigint not null check (attempt >= 1),
    at timestamptz not null,
    milliseconds bigint not null check (milliseconds >= 0),
    outcome text not null check (outcome in ('delivered', 'failed')),
    -- The status that the receiver answered, or why there was none.
    status bigint check (status between 100 and 999),
    trouble text check (trouble in ('unable', 'address', 'private_network', 'connection', 'too_slow')),
    excerpt text not null check (length(excerpt) <= 512),
    constraint webhook_deliveries_shape check (
        (status is null) <> (trouble is null)
        and (outcome = 'delivered') = (status is not null and status between 200 and 299)
    )
);
create index webhook_deliveries_webhook on webhook_deliveries (webhook_id, id);
create index webhook_deliveries_at on webhook_deliveries (at);
