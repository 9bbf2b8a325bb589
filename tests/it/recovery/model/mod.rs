//! A model of roster and case.

mod attacks;
mod controls;
mod explore;
mod key;
mod people;
mod properties;
mod scene;
mod steps;
mod world;
