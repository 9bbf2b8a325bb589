//! Mails through a real mail server, with TLS and a sign-in, into real mailboxes.

mod form;
mod outbox;
mod story;
mod trust;
mod votes;
