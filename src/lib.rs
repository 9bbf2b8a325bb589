pub mod id;
pub mod mail;
pub mod moment;
