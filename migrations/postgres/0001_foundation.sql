-- People, accounts, roles, ownership.

create table users (
    id uuid primary key,
    email text not null,
    name text not null,
    confirmed_at timestamptz,
    created_at timestamptz not null
);
create unique index users_email on users (email);

create table accounts (
    id uuid primary key,
    name text not null,
    preset text not null,
    policy text not null,
    status text not null check (status in ('pending', 'active')),
    created_at timestamptz not null,
    version bigint not null,
    -- The end of the account's activity chain. Every unit of work that writes locks this row first.
    head_seq bigint not null,
    head_hash bytea not null check (length(head_hash) = 32)
);

create table members (
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    role text not null,
    administrator boolean not null,
    status text not null check (status in ('invited', 'active', 'suspended')),
    owner boolean not null,
    created_at timestamptz not null,
    version bigint not null,
    primary key (account_id, user_id),
    -- Ownership protects: an owner is never suspended.
    constraint members_owner_keeps_access check (not owner or status <> 'suspended')
);
create index members_user on members (user_id);
create index members_key on members (account_id) where owner or administrator;

create function members_guard() returns trigger language plpgsql as $$
begin
    if old.owner then
        raise exception 'an owner stays a member until their ownership is revoked';
    end if;
    return old;
end $$;
create trigger members_guard before delete on members for each row execute function members_guard();

-- Who counts for recovery by vote. Outlives the membership of those who were removed by others.
create table roster (
    account_id uuid not null references accounts (id),
    user_id uuid not null references users (id),
    joined boolean not null,
    standing text not null check (standing in ('proposed', 'stands', 'ending', 'contested')),
    from_at timestamptz,
    until_at timestamptz,
    change_id uuid,
    contested_by uuid references users (id),
    primary key (account_id, user_id),
    constraint roster_shape check (
        (standing = 'proposed' and change_id is not null and from_at is null and until_at is null and contested_by is null)
        or (standing = 'stands' and change_id is null and from_at is not null and until_at is null and contested_by is null)
        or (standing = 'ending' and change_id is not null and from_at is not null and until_at is not null and contested_by is null)
        or (standing = 'contested' and change_id is not null and from_at is not null and until_at is null and contested_by is not null)
    )
);
create unique index roster_change on roster (change_id) where change_id is not null;

create table roster_confirmations (
    change_id uuid not null,
    user_id uuid not null references users (id),
    primary key (change_id, user_id)
);

-- Recovery cases.

create table cases (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    opener uuid not null references users (id),
    nominee uuid not null references users (id),
    kind text not null check (kind in ('replace', 'add')),
    -- The canonical JSON whose hash the ballots carry.
    terms text not null,
    terms_hash bytea not null check (length(terms_hash) = 32),
    required bigint not null check (required > 0),
    opened_at timestamptz not null,
    closes_at timestamptz not null,
    state text not null check (state in ('collecting', 'waiting', 'paused', 'completed', 'vetoed', 'rejected', 'expired', 'withdrawn')),
    since_at timestamptz,
    until_at timestamptz,
    due_at timestamptz,
    ended_at timestamptz,
    ended_by uuid references users (id),
    rejection text,
    pauses bigint not null,
    extended boolean not null,
    reminders bigint not null,
    -- When time alone may change something; the deadline sweep reads it. Null once the case has ended.
    wake_at timestamptz,
    version bigint not null,
    constraint cases_shape check (
        (state = 'collecting' and since_at is null and until_at is null and due_at is null and ended_at is null)
        or (state = 'waiting' and since_at is not null and until_at is null and due_at is not null and ended_at is null)
        or (state = 'paused' and since_at is not null and until_at is not null and due_at is not null and ended_at is null)
        or (state in ('completed', 'vetoed', 'rejected', 'expired', 'withdrawn') and ended_at is not null and wake_at is null)
    )
);
create index cases_account on cases (account_id, id);
create index cases_wake on cases (wake_at) where wake_at is not null;
-- At most one case of an account is waiting or paused.
create unique index cases_one_place on cases (account_id) where state in ('waiting', 'paused');
-- At most one open case per opener.
create unique index cases_one_open_each on cases (account_id, opener) where state in ('collecting', 'waiting', 'paused');

create table electors (
    case_id uuid not null references cases (id),
    user_id uuid not null references users (id),
    lost_at timestamptz,
    primary key (case_id, user_id)
);
create index electors_user on electors (user_id);

create table ballots (
    case_id uuid not null,
    user_id uuid not null,
    account_id uuid not null references accounts (id),
    choice text not null check (choice in ('approve', 'reject')),
    way text not null check (way in ('signed_in', 'mail_link', 'plain_mail')),
    terms_hash bytea not null check (length(terms_hash) = 32),
    cast_at timestamptz not null,
    -- While the case is open and the elector holds their ballot.
    live boolean not null,
    primary key (case_id, user_id),
    foreign key (case_id, user_id) references electors (case_id, user_id)
);
-- At most one live approval per account and person.
create unique index ballots_one_approval on ballots (account_id, user_id) where choice = 'approve' and live;

create function cases_guard() returns trigger language plpgsql as $$
begin
    if old.state in ('completed', 'vetoed', 'rejected', 'expired', 'withdrawn') then
        raise exception 'final states are final';
    end if;
    if new.terms <> old.terms or new.terms_hash <> old.terms_hash or new.required <> old.required or new.kind <> old.kind
        or new.account_id <> old.account_id or new.nominee <> old.nominee or new.opener <> old.opener
        or new.opened_at <> old.opened_at or new.closes_at <> old.closes_at then
        raise exception 'terms never change';
    end if;
    if new.due_at < old.due_at and new.since_at = old.since_at then
        raise exception 'a due moment never moves earlier';
    end if;
    return new;
end $$;
create trigger cases_guard before update on cases for each row execute function cases_guard();

create function electors_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'the electorate never changes';
    end if;
    if new.case_id <> old.case_id or new.user_id <> old.user_id or old.lost_at is not null then
        raise exception 'the electorate never changes, and a lost ballot never comes back';
    end if;
    return new;
end $$;
create trigger electors_guard before update or delete on electors for each row execute function electors_guard();

-- The activity log: append-only.

create table activity (
    account_id uuid not null references accounts (id),
    seq bigint not null check (seq > 0),
    at timestamptz not null,
    kind text not null,
    actor_id uuid,
    case_id uuid,
    user_id uuid,
    -- Whether replaying ownership needs this entry.
    owners boolean not null,
    -- The canonical JSON that was hashed.
    body text not null,
    hash bytea not null check (length(hash) = 32),
    primary key (account_id, seq)
);
create index activity_case on activity (case_id, seq) where case_id is not null;
create index activity_owners on activity (account_id, seq) where owners;

create table activity_personal (
    account_id uuid not null,
    seq bigint not null,
    name text not null,
    salt bytea not null check (length(salt) = 16),
    value text not null,
    primary key (account_id, seq, name),
    foreign key (account_id, seq) references activity (account_id, seq)
);

create function activity_guard() returns trigger language plpgsql as $$
begin
    raise exception 'the activity log is append-only';
end $$;
create trigger activity_guard before update or delete on activity for each row execute function activity_guard();
create trigger activity_guard_truncate before truncate on activity for each statement execute function activity_guard();

-- Signing in, links, tokens.

create table sessions (
    id uuid primary key,
    user_id uuid not null references users (id),
    token_hash bytea not null check (length(token_hash) = 32),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    proven_at timestamptz,
    ended_at timestamptz
);
create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (user_id);

create table tokens (
    id uuid primary key,
    name text not null,
    kind text not null check (kind in ('operator', 'platform')),
    scopes text not null,
    token_hash bytea not null check (length(token_hash) = 32),
    created_at timestamptz not null,
    revoked_at timestamptz
);
create unique index tokens_token on tokens (token_hash);

-- Typed codes. The digits are derived from the id under the server's secret and stand nowhere.
create table codes (
    id uuid primary key,
    purpose text not null check (purpose in ('sign_in', 'proof', 'link')),
    user_id uuid not null references users (id),
    session_id uuid references sessions (id),
    link_id uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    wrong bigint not null,
    used_at timestamptz
);
create index codes_user on codes (user_id, purpose, created_at);

-- Wrong codes typed for a person without naming the request they belong to.
create table guesses (
    user_id uuid not null references users (id),
    at timestamptz not null,
    id uuid primary key
);
create index guesses_user on guesses (user_id, at);

-- Action links. The token is derived from the id under the server's secret and stands nowhere.
create table links (
    id uuid primary key,
    purpose text not null check (purpose in ('ballot', 'pause', 'contest', 'accept', 'disown')),
    user_id uuid not null references users (id),
    account_id uuid not null references accounts (id),
    case_id uuid references cases (id),
    change_id uuid,
    created_at timestamptz not null,
    -- When it stopped working: it was used up, replaced, or its occasion has passed.
    dead_at timestamptz
);
create index links_user on links (user_id, account_id);
create index links_case on links (case_id) where case_id is not null;

-- The outbox: what a committed change owes the world.
create table mails (
    id uuid primary key,
    account_id uuid references accounts (id),
    case_id uuid references cases (id),
    user_id uuid not null references users (id),
    address text not null,
    recipient text not null,
    kind text not null,
    -- For owner alerts, what happened: the notice that completion asks for is a `quorum` alert.
    event text,
    message text not null,
    link_id uuid references links (id),
    status text not null check (status in ('queued', 'accepted', 'undeliverable', 'dropped')),
    attempts bigint not null,
    created_at timestamptz not null,
    -- When to try (again); null once nothing more is tried.
    next_at timestamptz,
    accepted_at timestamptz,
    last_answer text,
    constraint mails_shape check ((status = 'queued') = (next_at is not null))
);
create index mails_next on mails (next_at) where next_at is not null;
create index mails_case on mails (case_id, id) where case_id is not null;
create index mails_account on mails (account_id, id) where account_id is not null;
create index mails_user on mails (user_id, id);

-- Answers to calls with an idempotency key, so that a repeat gets the same answer and does nothing.
create table idempotency (
    principal text not null,
    key text not null,
    fingerprint bytea not null,
    answer text not null,
    created_at timestamptz not null,
    primary key (principal, key)
);
create index idempotency_age on idempotency (created_at);
