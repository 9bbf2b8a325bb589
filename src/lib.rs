pub mod id;
pub mod moment;
