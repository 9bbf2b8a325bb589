//! The integration tests, one binary that mirrors `src/`.

#[cfg(test)]
mod cli;
#[cfg(test)]
mod config;
#[cfg(test)]
mod web;
