//! The pages of a recovery case: what they show in each state, what they offer to whom, and every act through them.

pub mod browser;
mod by_mail;
mod drawing;
mod escaping;
mod live;
mod offers;
mod states;
mod strangers;
mod veto;
mod vote;
