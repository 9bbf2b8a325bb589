-- One row at least of everything that there is after step 0029.

update mails set checkpoint = 0 where id = (select id from mails order by id limit 1);
