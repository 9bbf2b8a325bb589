//! Drills of paper keys, by whoever holds one: nobody has to sign in.

pub mod begin;
pub mod end;
pub mod key_form;
