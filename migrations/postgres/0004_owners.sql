-- Ownership that is offered by one person to another, and the primary owner.

create table transfers (
    id uuid primary key,
    account_id uuid not null references accounts (id),
    from_id uuid not null references users (id),
    to_id uuid not null references users (id),
    offered_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null check (state in ('pending', 'accepted', 'declined', 'cancelled', 'expired')),
    ended_at timestamptz,
    -- Why it was cancelled; who took it back; which recovery ended it.
    why text check (why in ('taken_back', 'offerer_no_owner', 'member_unfit', 'recovered')),
    ended_by uuid references users (id),
    case_id uuid references cases (id),
    constraint transfers_people check (from_id <> to_id),
    constraint transfers_shape check (
        (state = 'pending') = (ended_at is null)
        and (state = 'cancelled') = (why is not null)
        and (why is not null and why = 'taken_back') = (ended_by is not null)
        and (why is not null and why = 'recovered') = (case_id is not null)
    ),
    constraint transfers_window check (
        expires_at > offered_at
        and (state <> 'accepted' or ended_at < expires_at)
        and (state <> 'expired' or ended_at >= expires_at)
    )
);
create index transfers_account on transfers (account_id, id);
-- At most one offer of an account waits for an answer.
create unique index transfers_one_pending on transfers (account_id) where state = 'pending';
create index transfers_due on transfers (id, expires_at) where state = 'pending';
create index transfers_to on transfers (to_id) where state = 'pending';


create function transfers_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'an offer stays on record';
    end if;
    if old.state <> 'pending' then
        raise exception 'final states are final';
    end if;
    if new.account_id <> old.account_id or new.from_id <> old.from_id or new.to_id <> old.to_id
        or new.offered_at <> old.offered_at or new.expires_at <> old.expires_at
    then
        raise exception 'an offer never changes';
    end if;
    return new;
end $$;
create trigger transfers_guard before update or delete on transfers for each row execute function transfers_guard();

-- A link can stand for the answer to an offer. The column moves to the end, as on SQLite, where its check cannot be
-- changed without it.
alter table links rename column purpose to purpose_before;
alter table links add column purpose text not null default 'ballot'
    constraint links_purpose check (purpose in ('ballot', 'pause', 'contest', 'accept', 'disown', 'transfer'));
update links set purpose = purpose_before;
alter table links drop column purpose_before;
alter table links add column transfer_id uuid references transfers (id)
    constraint links_transfer check ((purpose = 'transfer') = (transfer_id is not null));
create index links_of_transfer on links (transfer_id) where transfer_id is not null;

-- Until now nobody could pass the first place on: it is the creator's as long as they own the account.
update accounts set primary_owner = (
    select m.user_id from members m where m.account_id = accounts.id and m.owner
    order by m.status = 'active' desc, m.created_at, m.user_id limit 1
) where preset = 'multi-owner' and primary_owner is null;
