-- Cases that paper keys open, beside those that are voted on. `opener` is the nominee there: whoever redeems a key has no
-- account here, and stands in `redemptions`. `required` counts approvals and keys.
alter table cases add column route text not null default 'vote' check (route in ('vote', 'keys'));
-- When the nominee said that they would become owner.
alter table cases add column accepted_at integer;

drop index cases_one_open_each;
create unique index cases_one_open_each on cases (account_id, opener)
    where route = 'vote' and state in ('collecting', 'waiting', 'paused');

-- Who redeemed a paper key for which case. Also when they, or their keys, are gone: so nothing here refers to either.
create table redemptions (
    case_id blob not null references cases (id),
    recovery_user_id blob not null,
    account_id blob not null references accounts (id),
    name text not null check (length(name) between 1 and 100),
    key_id blob not null,
    -- The member who had one of their addresses.
    member_id blob references users (id),
    redeemed_at integer not null,
    -- When an owner removed them.
    lost_at integer,
    primary key (case_id, recovery_user_id),
    -- A key is good once.
    constraint redemptions_key unique (key_id)
) strict;
create index redemptions_user on redemptions (recovery_user_id);

create trigger redemptions_guard before update on redemptions
when old.lost_at is not null or new.case_id <> old.case_id or new.recovery_user_id <> old.recovery_user_id
    or new.key_id <> old.key_id or new.redeemed_at <> old.redeemed_at or new.member_id is not old.member_id
begin
    select raise(abort, 'a paper key was redeemed for one case, and stays so');
end;

create trigger redemptions_stay before delete on redemptions
begin
    select raise(abort, 'a paper key was redeemed for one case, and stays so');
end;

-- Somebody has typed a key and would redeem it: a code is on its way to whoever holds it. It stands nowhere: it is derived from
-- the id.
create table recoveries (
    id blob primary key not null,
    paper_key_id blob not null references paper_keys (id) on delete cascade,
    created_at integer not null,
    expires_at integer not null,
    -- Whether owners were told of this one.
    told integer not null check (told in (0, 1)),
    used_at integer
) strict;
create index recoveries_key on recoveries (paper_key_id, created_at);
create index recoveries_expires on recoveries (expires_at);

create trigger recoveries_guard before update on recoveries
when old.used_at is not null or new.expires_at <> old.expires_at or new.paper_key_id <> old.paper_key_id
begin
    select raise(abort, 'a code redeems the key for which it was mailed, and once');
end;

-- A link can stand for the answer of whom paper keys name, and for the first passkey of a new owner. Both columns move to the end,
-- because SQLite changes a check only together with its column, and tests a new one on the rows that there are.
drop index links_of_transfer;
create table links_before as select id, purpose, transfer_id from links;
alter table links drop column transfer_id;
alter table links drop column purpose;
alter table links add column transfer_id blob references transfers (id);
alter table links add column purpose text not null default 'ballot'
    constraint links_purpose
        check (purpose in ('ballot', 'pause', 'contest', 'accept', 'disown', 'transfer', 'nomination', 'enrol'))
    constraint links_transfer check ((purpose = 'transfer') = (transfer_id is not null));
update links set
    purpose = (select b.purpose from links_before b where b.id = links.id),
    transfer_id = (select b.transfer_id from links_before b where b.id = links.id);
drop table links_before;
create index links_of_transfer on links (transfer_id) where transfer_id is not null;

-- The account that a passkey's holder came to own by paper keys, and for which they had it made with the link that only they got:
-- there it counts at once, and elsewhere like any other that mail alone stands behind.
alter table credentials add column vouched_in blob references accounts (id)
    constraint credentials_vouched check (vouched_in is null or mail_since is not null);
drop trigger credentials_guard;
create trigger credentials_guard before update on credentials
when new.id <> old.id or new.user_id <> old.user_id or new.kind <> old.kind or new.secret <> old.secret
    or new.enrolled_at <> old.enrolled_at or new.mail_since is not old.mail_since or new.vouched_in is not old.vouched_in
begin
    select raise(abort, 'a credential never changes');
end;
