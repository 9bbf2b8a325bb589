//! HTTP: the accept loop, what surrounds every request, and the forms in which requests are read and problems answered.
//!
//! Nothing here knows a use case; the routes do, and are handed in.

pub mod extract;
pub mod headers;
pub mod json;
pub mod layers;
pub mod list;
pub mod problem;
pub mod server;
