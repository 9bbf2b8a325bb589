//! The settings of an account: how it looks, who joins it by e-mail domain, and what its children need.

pub mod branding;
pub mod brand_style;
pub mod domains;
pub mod join;
pub mod logo;
pub mod page;
pub mod reference;
pub mod show;
pub mod sign_on;
pub mod sign_on_page;
