//! A model of roster and case.

mod attacks;
mod controls;
mod explore;
mod key;
mod people;
mod properties;
mod scene;
mod silence;
mod steps;
mod world;
