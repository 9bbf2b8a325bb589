//! Recovery by paper key, for whoever holds one: nobody has to sign in.

pub mod done;
pub mod present;
pub mod redeem;
pub mod show;
