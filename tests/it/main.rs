//! Every test that needs more than one module: in-process, on real sockets and real databases. Mirrors `src/`.

mod harness;
mod mail;
mod store;
