//! Recovery by vote.

mod model;
