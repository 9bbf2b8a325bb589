//! The activity log as people look through it and as programs take it along.

mod committed;
mod export;
pub mod filters;
mod pages;
mod sentences;
mod withheld;
