-- People, accounts, roles, ownership.

create table users (
    id blob primary key not null,
    email text not null,
    name text not null,
    confirmed_at integer,
    created_at integer not null
) strict;
create unique index users_email on users (email);

create table accounts (
    id blob primary key not null,
    name text not null,
    preset text not null,
    policy text not null,
    status text not null check (status in ('pending', 'active')),
    created_at integer not null,
    version integer not null,
    -- The end of the account's activity chain. Every unit of work that writes locks this row first.
    head_seq integer not null,
    head_hash blob not null check (length(head_hash) = 32)
) strict;

create table members (
    account_id blob not null references accounts (id),
    user_id blob not null references users (id),
    role text not null,
    administrator integer not null check (administrator in (0, 1)),
    status text not null check (status in ('invited', 'active', 'suspended')),
    owner integer not null check (owner in (0, 1)),
    created_at integer not null,
    version integer not null,
    primary key (account_id, user_id),
    -- Ownership protects: an owner is never suspended.
    constraint members_owner_keeps_access check (not owner or status <> 'suspended')
) strict;
create index members_user on members (user_id);
create index members_key on members (account_id) where owner or administrator;

create trigger members_delete before delete on members when old.owner
begin
    select raise(abort, 'an owner stays a member until their ownership is revoked');
end;

-- Who counts for recovery by vote. Outlives the membership of those who were removed by others.
create table roster (
    account_id blob not null references accounts (id),
    user_id blob not null references users (id),
    joined integer not null check (joined in (0, 1)),
    standing text not null check (standing in ('proposed', 'stands', 'ending', 'contested')),
    from_at integer,
    until_at integer,
    change_id blob,
    contested_by blob references users (id),
    primary key (account_id, user_id),
    constraint roster_shape check (
        (standing = 'proposed' and change_id is not null and from_at is null and until_at is null and contested_by is null)
        or (standing = 'stands' and change_id is null and from_at is not null and until_at is null and contested_by is null)
        or (standing = 'ending' and change_id is not null and from_at is not null and until_at is not null and contested_by is null)
        or (standing = 'contested' and change_id is not null and from_at is not null and until_at is null and contested_by is not null)
    )
) strict;
create unique index roster_change on roster (change_id) where change_id is not null;

create table roster_confirmations (
    change_id blob not null,
    user_id blob not null references users (id),
    primary key (change_id, user_id)
) strict;

-- Recovery cases.

create table cases (
    id blob primary key not null,
    account_id blob not null references accounts (id),
    opener blob not null references users (id),
    nominee blob not null references users (id),
    kind text not null check (kind in ('replace', 'add')),
    -- The canonical JSON whose hash the ballots carry.
    terms text not null,
    terms_hash blob not null check (length(terms_hash) = 32),
    required integer not null check (required > 0),
    opened_at integer not null,
    closes_at integer not null,
    state text not null check (state in ('collecting', 'waiting', 'paused', 'completed', 'vetoed', 'rejected', 'expired', 'withdrawn')),
    since_at integer,
    until_at integer,
    due_at integer,
    ended_at integer,
    ended_by blob references users (id),
    rejection text,
    pauses integer not null,
    extended integer not null check (extended in (0, 1)),
    reminders integer not null,
    -- When time alone may change something; the deadline sweep reads it. Null once the case has ended.
    wake_at integer,
    version integer not null,
    constraint cases_shape check (
        (state = 'collecting' and since_at is null and until_at is null and due_at is null and ended_at is null)
        or (state = 'waiting' and since_at is not null and until_at is null and due_at is not null and ended_at is null)
        or (state = 'paused' and since_at is not null and until_at is not null and due_at is not null and ended_at is null)
        or (state in ('completed', 'vetoed', 'rejected', 'expired', 'withdrawn') and ended_at is not null and wake_at is null)
    )
) strict;
create index cases_account on cases (account_id, id);
create index cases_wake on cases (wake_at) where wake_at is not null;
-- At most one case of an account is waiting or paused.
create unique index cases_one_place on cases (account_id) where state in ('waiting', 'paused');
-- At most one open case per opener.
create unique index cases_one_open_each on cases (account_id, opener) where state in ('collecting', 'waiting', 'paused');

create table electors (
    case_id blob not null references cases (id),
    user_id blob not null references users (id),
    lost_at integer,
    primary key (case_id, user_id)
) strict;
create index electors_user on electors (user_id);

create table ballots (
    case_id blob not null,
    user_id blob not null,
    account_id blob not null references accounts (id),
    choice text not null check (choice in ('approve', 'reject')),
    way text not null check (way in ('signed_in', 'mail_link', 'plain_mail')),
    terms_hash blob not null check (length(terms_hash) = 32),
    cast_at integer not null,
    -- While the case is open and the elector holds their ballot.
    live integer not null check (live in (0, 1)),
    primary key (case_id, user_id),
    foreign key (case_id, user_id) references electors (case_id, user_id)
) strict;
-- At most one live approval per account and person.
create unique index ballots_one_approval on ballots (account_id, user_id) where choice = 'approve' and live;

create trigger cases_final before update on cases
when old.state in ('completed', 'vetoed', 'rejected', 'expired', 'withdrawn')
begin
    select raise(abort, 'final states are final');
end;
create trigger cases_terms before update on cases
when new.terms <> old.terms or new.terms_hash <> old.terms_hash or new.required <> old.required or new.kind <> old.kind
    or new.account_id <> old.account_id or new.nominee <> old.nominee or new.opener <> old.opener
    or new.opened_at <> old.opened_at or new.closes_at <> old.closes_at
begin
    select raise(abort, 'terms never change');
end;
create trigger cases_due before update on cases
when new.due_at < old.due_at and new.since_at = old.since_at
begin
    select raise(abort, 'a due moment never moves earlier');
end;

create trigger electors_update before update on electors
when new.case_id <> old.case_id or new.user_id <> old.user_id or old.lost_at is not null
begin
    select raise(abort, 'the electorate never changes, and a lost ballot never comes back');
end;
create trigger electors_delete before delete on electors
begin
    select raise(abort, 'the electorate never changes');
end;

-- The activity log: append-only.

create table activity (
    account_id blob not null references accounts (id),
    seq integer not null check (seq > 0),
    at integer not null,
    kind text not null,
    actor_id blob,
    case_id blob,
    user_id blob,
    -- Whether replaying ownership needs this entry.
    owners integer not null check (owners in (0, 1)),
    -- The canonical JSON that was hashed.
    body text not null,
    hash blob not null check (length(hash) = 32),
    primary key (account_id, seq)
) strict;
create index activity_case on activity (case_id, seq) where case_id is not null;
create index activity_owners on activity (account_id, seq) where owners;

create table activity_personal (
    account_id blob not null,
    seq integer not null,
    name text not null,
    salt blob not null check (length(salt) = 16),
    value text not null,
    primary key (account_id, seq, name),
    foreign key (account_id, seq) references activity (account_id, seq)
) strict;

create trigger activity_update before update on activity
begin
    select raise(abort, 'the activity log is append-only');
end;
create trigger activity_delete before delete on activity
begin
    select raise(abort, 'the activity log is append-only');
end;

-- Signing in, links, tokens.

create table sessions (
    id blob primary key not null,
    user_id blob not null references users (id),
    token_hash blob not null check (length(token_hash) = 32),
    created_at integer not null,
    expires_at integer not null,
    proven_at integer,
    ended_at integer
) strict;
create unique index sessions_token on sessions (token_hash);
create index sessions_user on sessions (user_id);

create table tokens (
    id blob primary key not null,
    name text not null,
    kind text not null check (kind in ('operator', 'platform')),
    scopes text not null,
    token_hash blob not null check (length(token_hash) = 32),
    created_at integer not null,
    revoked_at integer
) strict;
create unique index tokens_token on tokens (token_hash);

-- Typed codes. The digits are derived from the id under the server's secret and stand nowhere.
create table codes (
    id blob primary key not null,
    purpose text not null check (purpose in ('sign_in', 'proof', 'link')),
    user_id blob not null references users (id),
    session_id blob references sessions (id),
    link_id blob,
    created_at integer not null,
    expires_at integer not null,
    wrong integer not null,
    used_at integer
) strict;
create index codes_user on codes (user_id, purpose, created_at);

-- Wrong codes typed for a person without naming the request they belong to.
create table guesses (
    user_id blob not null references users (id),
    at integer not null,
    id blob primary key not null
) strict;
create index guesses_user on guesses (user_id, at);

-- Action links. The token is derived from the id under the server's secret and stands nowhere.
create table links (
    id blob primary key not null,
    purpose text not null check (purpose in ('ballot', 'pause', 'contest', 'accept', 'disown')),
    user_id blob not null references users (id),
    account_id blob not null references accounts (id),
    case_id blob references cases (id),
    change_id blob,
    created_at integer not null,
    -- When it stopped working: it was used up, replaced, or its occasion has passed.
    dead_at integer
) strict;
create index links_user on links (user_id, account_id);
create index links_case on links (case_id) where case_id is not null;

-- The outbox: what a committed change owes the world.
create table mails (
    id blob primary key not null,
    account_id blob references accounts (id),
    case_id blob references cases (id),
    user_id blob not null references users (id),
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
    constraint mails_shape check ((status = 'queued') = (next_at is not null))
) strict;
create index mails_next on mails (next_at) where next_at is not null;
create index mails_case on mails (case_id, id) where case_id is not null;
create index mails_account on mails (account_id, id) where account_id is not null;
create index mails_user on mails (user_id, id);

-- Answers to calls with an idempotency key, so that a repeat gets the same answer and does nothing.
create table idempotency (
    principal text not null,
    key text not null,
    fingerprint blob not null,
    answer text not null,
    created_at integer not null,
    primary key (principal, key)
) strict;
create index idempotency_age on idempotency (created_at);
