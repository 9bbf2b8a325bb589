-- A browser is also looked up of whomever it may be known: it has a count of its own where its network's has run out.
create index known_browsers_token on known_browsers (token_hash);
