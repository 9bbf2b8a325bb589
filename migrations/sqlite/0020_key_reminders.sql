-- When owners are to be reminded of a key. Of those that there are, it is found out at once.
alter table paper_keys add column remind_at integer;
update paper_keys set remind_at = issued_at where ended_at is null;
create index paper_keys_remind_at on paper_keys (remind_at, id) where remind_at is not null and ended_at is null;
