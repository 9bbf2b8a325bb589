//! Paper keys, pure: thousands of random ones, and all that can go wrong in typing them.

mod form;
mod random;
mod reading;
