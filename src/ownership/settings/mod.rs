//! The settings of an account: how it looks, who joins by e-mail domain, and whether its children need a reference.

mod branding;
mod colour;
mod joining;
mod logo;
mod reference;
mod shades;

pub use branding::{Branding, LONGEST_BRAND};
pub use colour::{Colour, TextOn};
pub use joining::{Domain, JoinDomain, MOST_DOMAINS, PROVEN_FOR, TxtRecord, may_join, with_domain};
pub use logo::{LARGEST_LOGO, Logo, WIDEST_LOGO};
pub use reference::{LONGEST_REFERENCE, check_reference};
pub use shades::{DARK_GROUNDS, LIGHT_GROUNDS, Scheme, Shades};
