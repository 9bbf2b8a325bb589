pub mod id;
pub mod moment;
pub mod store;
