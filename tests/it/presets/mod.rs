//! The documents of the four systems that the presets replace, replayed sentence by sentence through the HTTP API.

mod account_and_customers;
mod document;
mod enterprise_recovery;
mod multi_owner;
mod partner_managed;
mod pending;
mod single_owner;
