//! What the doors show: plain data, read without a lock, ready to be written as JSON or into a page.

pub mod home;
pub mod account;
pub mod children;
pub mod preset;
pub mod account_home;
pub mod member;
pub mod member_home;
pub mod members_page;
pub mod ownership_page;
pub mod roster;
pub mod readiness;
pub mod opening;
pub mod case;
pub mod activity;
pub mod mail;
pub mod outlook;
pub mod dossier;
pub mod live;
pub mod me;
pub mod token;
pub mod transfer;
pub mod transfer_page;
pub mod policy;
pub mod settings;
pub mod sign_on;
pub mod brand;
