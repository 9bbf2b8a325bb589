//! The pages as a browser meets them: a cookie, forms from a page of ours, redirects.

mod account;
mod browser;
mod cookie;
mod every;
mod me;
mod opening;
mod policy;
mod roster;
mod settings;
mod sign_in;
