//! A person's own affairs.

pub mod sessions;
pub mod show;
pub mod rename;
pub mod time_zone;
pub mod ask_address;
pub mod change_address;
pub mod password;
pub mod password_page;
pub mod devices;
pub mod device_pages;
