//! Recovery by vote: tables, random play, and the model.

mod access;
mod address;
mod arithmetic;
mod clock;
pub mod fixtures;
mod invariants;
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
