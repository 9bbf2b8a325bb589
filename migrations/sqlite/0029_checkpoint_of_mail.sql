-- Each attempt at a mail is the same letter, however often the log was sealed between them: the checkpoint that it bears is the last one when
-- it was first claimed. Zero: there was none.

alter table mails add column checkpoint integer check (checkpoint >= 0);
