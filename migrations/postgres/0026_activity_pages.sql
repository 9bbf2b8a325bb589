-- Looking entries of the activity log up: by their kind, by whom they are about, and by who did them. What people do to
-- themselves, such as a ballot, is found by whom it is about, and costs no row of the last index.

create index activity_kind on activity (account_id, kind, seq);
create index activity_user on activity (user_id, account_id, seq) where user_id is not null;
create index activity_actor on activity (actor_id, account_id, seq)
    where actor_id is not null and actor_id is distinct from user_id;

-- Erasing personal values: those that are old are found by the moment of their entry.

alter table activity_personal add column recorded_at timestamptz;
update activity_personal p set recorded_at = a.at from activity a where a.account_id = p.account_id and a.seq = p.seq;
alter table activity_personal alter column recorded_at set not null;
create index activity_personal_recorded on activity_personal (recorded_at);

create function activity_personal_guard() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        raise exception 'a personal value never changes: it can only be erased';
    end if;
    -- Who erases writes the entry first, in the same transaction.
    if not exists (
        select 1 from accounts h join activity a on a.account_id = h.id and a.seq = h.head_seq
        where h.id = old.account_id and a.kind = 'personal_values.erased'
    ) then
        raise exception 'personal values are erased behind an entry that says so';
    end if;
    return old;
end $$;
create trigger activity_personal_guard before update or delete on activity_personal
    for each row execute function activity_personal_guard();
create trigger activity_personal_guard_truncate before truncate on activity_personal
    for each statement execute function activity_guard();
