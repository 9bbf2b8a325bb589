//! A gate in front of every call to the database, where a test can stand and let each call fail once, to see what is
//! left then. In production nobody stands there, and a call costs one look at an empty field.

use std::{fmt, sync::Arc};

/// A call that is about to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A unit of work begins.
    Begin {
        /// The name of its type.
        unit: &'static str,
    },
    /// A statement, of a unit of work or a plain read.
    Statement,
    /// A unit of work commits.
    Commit,
}

type Keeper = dyn Fn(Call) -> Result<(), sqlx::Error> + Send + Sync;

/// Says of each call whether it is made. The default lets everything pass.
#[derive(Clone, Default)]
pub struct Gate(Option<Arc<Keeper>>);

impl Gate {
    /// A gate with somebody who decides. A call that is not let through ends with that error.
    pub fn kept_by(keeper: impl Fn(Call) -> Result<(), sqlx::Error> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(keeper)))
    }

    pub(super) fn pass(&self, call: Call) -> Result<(), sqlx::Error> {
        self.0.as_ref().map_or(Ok(()), |keeper| keeper(call))
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Gate(kept)" } else { "Gate(open)" })
    }
}
