//! Every test that needs more than one module: in-process, on real sockets and real databases.

#[cfg(test)]
mod harness;
#[cfg(test)]
mod mail;
