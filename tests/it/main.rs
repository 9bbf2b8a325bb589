//! Every test that needs more than one module: in-process, on real sockets and real databases.

mod harness;
mod mail;
