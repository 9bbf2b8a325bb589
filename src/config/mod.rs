//! The configuration: one TOML file, the same keys in the environment, and flags for the common ones.
//!
//! A flag goes before the environment, that before the file, that before the default. Everything wrong is reported at
//! once, each with its key and what to do. The result is a plain value that is passed on; nothing here is global, nothing
//! is written, and the environment is an argument.

mod build;
mod dkim;
mod keys;
mod loopback;
mod network;
mod problem;
mod secret;
mod settings;
mod smtp;
mod sources;

pub use keys::{KEYS, Key};
pub use loopback::is_loopback;
pub use network::Network;
pub use problem::{ConfigError, ConfigProblem};
pub use secret::Secret;
pub use settings::{Config, Database, Dkim, Jobs, Limits, Log, LogFormat, Smtp, Tls};
pub use sources::{Sources, load};
