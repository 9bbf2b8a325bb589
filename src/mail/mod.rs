//! Mail: what the service writes to people, how it looks, and one conversation with a mail server.
//!
//! `message` holds the facts of a mail, as they lie in the outbox: never a secret. `render` turns them into a subject,
//! a text and an HTML body; only there are codes and links revealed. `smtp` hands the result to a mail server.

pub mod case_wording;
mod code_wording;
pub mod envelope;
pub mod facts;
pub mod mailbox;
pub mod message;
pub mod plain_text;
pub mod pace;
pub mod post;
pub mod return_path;
pub mod render;
pub mod reveal;
pub mod policy_wording;
pub mod policy_news;
mod domain_wording;
pub mod recovery_user_news;
pub mod paper_key_news;
pub mod webhook_news;
mod password_wording;
mod passkey_wording;
mod refused_wording;
mod roster_wording;
pub mod sign_in_facts;
mod sign_in_wording;
mod sign_on_wording;
mod status_wording;
mod transfer_wording;
mod sheet;
mod sheets;
mod trouble;
pub mod smtp;
pub mod dkim;
pub mod wording;
