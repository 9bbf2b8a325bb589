//! The story of the demo against the built program, played by a client that survives what happens to the service: it
//! repeats what was not answered, as a real one does.

mod ending;
mod killed;
mod plan;
mod play;
mod stage;
