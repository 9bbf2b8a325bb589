//! The use cases on both databases, from outside: whole stories, refusals, races, and units of work that break off.

mod address;
mod atomic;
mod cast;
mod closing;
pub mod dump;
mod electorate;
mod idempotent;
mod links;
mod objections;
mod ownership;
pub mod passkeys;
mod passwords;
mod policy;
mod prove;
mod races;
mod recovery;
mod scene;
mod secrets;
mod sessions;
pub mod settings;
mod sign_in;
pub mod signed_ballots;
mod tenancy;
mod tokens;
mod told;
mod transfers;
mod tree;
