//! Passwords: the one form of what was typed, how easily it is guessed, and its slow hash. Nothing else touches them.

pub mod typed;
pub mod judge;
pub mod hasher;
