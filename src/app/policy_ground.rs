//! What stands around an edit of the policy: the owners, the case that is open, the people on whom recovery rests.

use std::collections::BTreeSet;

use super::error::Error;
use crate::{
    id::{CaseId, UserId},
    moment::Moment,
    ownership::policy_change::{Around, Pending},
    recovery::{
        electorate::{Electorate, Source},
        reach::Counts,
        roster::Roster,
    },
    store::{
        accounts::Account,
        docket,
        members::{self, Stored},
        policies, recovery_users, roster,
        tx::Tx,
    },
};

/// What stands around an edit of the policy, as it was read.
#[derive(Debug, Clone)]
pub struct Ground {
    /// The change that waits.
    pub pending: Option<Pending>,
    open_case: Option<CaseId>,
    owners: u32,
    recovery_users: u32,
    counts: Counts,
}

impl Ground {
    /// Reads it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(tx: &mut Tx, account: &Account, key_people: &[Stored], now: Moment) -> Result<Self, Error> {
        let roster = roster::load(tx, account.id).await?;
        let elsewhere = members::count_off_roster(tx, account.id).await?;
        let users = recovery_users::prepared(tx, account.id, now).await?;
        let confirmed = || users.values().filter(|user| user.confirmed);
        let holders = confirmed().filter(|user| !user.keys.is_empty()).count();
        Ok(Self {
            pending: policies::pending(tx, account.id).await?,
            open_case: docket::open_of(tx, account.id).await?.first().copied(),
            owners: number(key_people.iter().filter(|person| person.member.owner).count()),
            recovery_users: number(confirmed().count()),
            counts: counts(account, &roster, key_people, elsewhere, holders, now),
        })
    }

    /// The same, beside the policy in force.
    #[must_use]
    pub fn around<'a>(&'a self, account: &'a Account) -> Around<'a> {
        Around {
            policy: &account.policy,
            status: account.status,
            pending: self.pending.as_ref(),
            open_case: self.open_case,
            owners: self.owners,
            recovery_users: self.recovery_users,
            counts: self.counts,
        }
    }
}

/// The people on whom recovery rests. `elsewhere` is how many members could be the nominee and were never administrators, `holders`
/// how many recovery users hold a key that works.
fn counts(
    account: &Account,
    roster: &Roster,
    key_people: &[Stored],
    elsewhere: i64,
    holders: usize,
    now: Moment,
) -> Counts {
    let who = |keep: &dyn Fn(&Stored) -> bool| -> BTreeSet<UserId> {
        key_people.iter().filter(|person| keep(person)).map(|person| person.member.user).collect()
    };
    let owners = who(&|person| person.member.owner);
    let administrators = who(&|person| person.member.is_active_administrator());
    let voters = roster.standing_at(now, &owners);
    let source = Source { roster, administrators: &administrators, owners: &owners, policy: &account.policy };
    let waiting = administrators
        .iter()
        .filter(|user| roster.entries.contains_key(user) && !voters.contains(user) && !owners.contains(user));
    let elsewhere = usize::try_from(elsewhere).unwrap_or_default();
    Counts {
        voters: number(voters.len()),
        live: number(Electorate::live(now, source).len()),
        others: number(waiting.count().saturating_add(elsewhere)),
        key_holders: number(holders),
    }
}

fn number(people: usize) -> u32 {
    u32::try_from(people).unwrap_or(u32::MAX)
}
