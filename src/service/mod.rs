//! A running service, put together from a configuration: what `serve`, `demo` and tests share.
//!
//! Nothing here decides anything of the product; it opens, connects, starts, and stops again in the right order.

pub mod error;
pub mod secret_file;
pub mod presets;
pub mod open;
pub mod install;
pub mod mailing;
pub mod run;
mod mail_checkup;
pub mod checkup;
