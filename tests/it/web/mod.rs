//! The web part: a server on a free port, spoken to byte by byte.

mod client;
mod extract;
mod log;
mod problem;
mod server;
