//! Paper keys, pure: what one is, how it is written on its sheet, and how it is read when somebody types it.

pub mod check;
pub mod fault;
pub mod form;
pub mod key;
pub mod read;
pub mod symbol;
