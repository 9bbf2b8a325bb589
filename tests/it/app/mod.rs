//! The use cases, from outside: whole stories, refusals, races, and units of work that break off.

mod atomic;
mod electorate;
mod objections;
mod opening;
mod ownership;
mod races;
mod recovery;
mod tenancy;
