-- One row at least of everything that there is after step 0024.

update users set time_zone = 'Europe/Berlin' where id = (select id from users order by id limit 1);
update mails set time_zone = 'Europe/Berlin' where id = (select id from mails order by id limit 1);
