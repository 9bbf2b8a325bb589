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
pub mod schema;
pub mod error;
pub mod caller;
pub mod etag;
pub mod account;
pub mod member;
pub mod owner;
pub mod roster;
pub mod case;
pub mod activity;
pub mod link;
pub mod session;
pub mod me;
pub mod token;
pub mod transfer;
pub mod mail;
pub mod health;
pub mod metrics;
pub mod cookie;
pub mod guard;
pub mod next;
pub mod notice;
pub mod wrong;
pub mod fields;
pub mod signed_in;
pub mod sentence;
pub mod page;
pub mod confirmation;
pub mod assets;
pub mod problem_list;
pub mod problem_page;
pub mod start;
pub mod mailbox;
pub mod site;
pub mod router;
