//! Members.

pub mod accept;
pub mod change;
pub mod confirm;
pub mod deed;
mod effect;
pub mod invite;
pub mod leave;
pub mod list;
mod question;
pub mod remove;
pub mod show;

mod themselves;

use themselves::require_self;
