//! The pages in a real browser: what people do, with and without a mouse or script, and how every page looks.

mod activity;
mod address;
mod by_mail;
mod keyboard;
mod live;
mod mails;
mod look;
mod mishaps;
mod ownership;
mod drill;
mod recover;
mod paper_keys;
mod passkey;
mod password;
mod people;
mod readiness;
mod recovery_users;
mod scriptless;
mod settings;
mod sign_in_link;
mod sign_on;
mod signing;
mod story;
mod tree;
mod webhooks;
