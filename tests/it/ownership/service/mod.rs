//! The play of ownership once more, against the running service: people do at random what they like through the HTTP API,
//! and after each step every account is looked at through the same API.

mod aim;
mod between;
mod cast;
mod play;
mod properties;
mod steps;
mod tree;
mod watch;
