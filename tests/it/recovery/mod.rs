//! Recovery: tables, random play, and the model of the vote.

mod access;
mod address;
mod arithmetic;
mod clock;
pub mod fixtures;
mod invariants;
mod keys;
mod minority;
mod model;
mod place;
mod proof;
mod play;
pub mod properties;
mod refusals;
mod standing;
mod steps;
mod world;
