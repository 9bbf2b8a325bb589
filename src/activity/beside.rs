//! What other tables have beside the entries of the log, in the order of the entries: personal values, leaves, and what waits to
//! become one. What stands beside no entry tells of one that was removed.

use std::{iter::Peekable, vec::IntoIter};

use super::{audit::Personal, chain::Broken};
use crate::id::AccountId;

/// An account, and the number of an entry in its log.
pub type Place = (AccountId, u64);

/// What stands beside some entries.
pub struct Beside {
    personal: Peekable<IntoIter<(Place, Personal)>>,
    leaves: Peekable<IntoIter<(Place, u64)>>,
    waiting: Peekable<IntoIter<Place>>,
    stray: Vec<(AccountId, Broken)>,
}

/// What stands beside one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Its personal values that have not been erased.
    pub personal: Vec<Personal>,
    /// Whether it is in the tree.
    pub sealed: Sealed,
}

/// Whether an entry is in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sealed {
    /// It is said to be that leaf.
    As(u64),
    /// It waits to be.
    Waits,
    /// Neither or both.
    Unclear,
}

impl Beside {
    /// Each in the order of the entries.
    #[must_use]
    pub fn new(personal: Vec<(Place, Personal)>, leaves: Vec<(Place, u64)>, waiting: Vec<Place>) -> Self {
        Self {
            personal: personal.into_iter().peekable(),
            leaves: leaves.into_iter().peekable(),
            waiting: waiting.into_iter().peekable(),
            stray: Vec::new(),
        }
    }

    /// What stands beside the entry in that place, behind the one that was asked for before.
    pub fn at(&mut self, place: Place) -> Own {
        self.pass(|at| at < place);
        let mut personal = Vec::new();
        while let Some((_, value)) = self.personal.next_if(|(at, _)| *at == place) {
            personal.push(value);
        }
        let leaf = self.leaves.next_if(|(at, _)| *at == place).map(|(_, leaf)| leaf);
        let waits = self.waiting.next_if(|at| *at == place);
        let sealed = match (leaf, waits) {
            (Some(leaf), None) => Sealed::As(leaf),
            (None, Some(_)) => Sealed::Waits,
            (None, None) | (Some(_), Some(_)) => Sealed::Unclear,
        };
        Own { personal, sealed }
    }

    /// What stood beside no entry, with whatever has not been asked for.
    #[must_use]
    pub fn stray(mut self) -> Vec<(AccountId, Broken)> {
        self.pass(|_| true);
        self.stray
    }

    fn pass(&mut self, over: impl Fn(Place) -> bool) {
        while let Some(((account, seq), value)) = self.personal.next_if(|(at, _)| over(*at)) {
            self.stray.push((account, Broken::PersonalChanged { seq, name: value.name }));
        }
        while let Some(((account, seq), leaf)) = self.leaves.next_if(|(at, _)| over(*at)) {
            self.stray.push((account, Broken::Removed { seq, leaf }));
        }
        while let Some((account, seq)) = self.waiting.next_if(|at| over(*at)) {
            self.stray.push((account, Broken::NotSealed { seq }));
        }
    }
}
