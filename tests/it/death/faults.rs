//! Lets the n-th call to the database fail: on SQLite at the gate, on PostgreSQL by a proxy on the wire.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard},
};

use quorate::store::{
    gate::{Call, Gate},
    tx::Backend,
};

use crate::harness::race::full;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It is not made, or not understood: the database answers with an error.
    Refused,
    /// The same, with an error after which the unit is worth another try.
    Clashed,
    /// The connection is lost before the call has reached the database.
    LostBefore,
    /// The connection is lost after the database has done it, and before it could say so.
    LostAfter,
}

impl How {
    /// How calls fail on that database: in two of four ways, unless everything is tested.
    pub fn all(backend: Backend) -> &'static [Self] {
        match backend {
            Backend::Sqlite => &[Self::Refused],
            Backend::Postgres if full() => &[Self::Refused, Self::Clashed, Self::LostBefore, Self::LostAfter],
            Backend::Postgres => &[Self::Refused, Self::LostAfter],
        }
    }
}

/// Which call is to fail, and which were made. Clones share it.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Default)]
struct Plan {
    armed: Option<(u32, How)>,
    calls: u32,
    struck: bool,
    units: BTreeSet<&'static str>,
}

impl Faults {
    /// The call of that number, counted from 1 and from now, fails.
    pub fn arm(&self, call: u32, how: How) {
        let mut plan = self.plan();
        (plan.armed, plan.calls, plan.struck) = (Some((call, how)), 0, false);
    }

    /// No call fails any more. Says whether one has.
    pub fn disarm(&self) -> bool {
        let mut plan = self.plan();
        plan.armed = None;
        plan.struck
    }

    /// The types of the units of work that have begun so far.
    pub fn units(&self) -> BTreeSet<&'static str> {
        self.plan().units.clone()
    }

    /// A call is about to be made. Says whether it fails, and how.
    pub fn next(&self) -> Option<How> {
        let mut plan = self.plan();
        plan.calls += 1;
        let (_, how) = plan.armed.filter(|(call, _)| *call == plan.calls)?;
        plan.struck = true;
        Some(how)
    }

    /// The gate at which calls fail.
    pub fn gate(&self) -> Gate {
        let faults = self.clone();
        Gate::kept_by(move |call| {
            if let Call::Begin { unit } = call {
                faults.plan().units.insert(unit);
            }
            match faults.next() {
                None => Ok(()),
                Some(_) => Err(sqlx::Error::Protocol("the test lets this call fail".to_owned())),
            }
        })
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap()
    }
}
