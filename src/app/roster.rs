//! Contesting and confirming changes of the roster.

use super::{
    app::App,
    error::Error,
    here::Here,
    principal::Principal,
    rights,
    tell_roster::{self, News},
};
use crate::{
    activity::entry::Draft,
    id::{AccountId, ChangeId, UserId},
    mail::facts::{RosterEvent, Standing},
    ownership::account::Use,
    recovery::{
        refusal::Refusal,
        roster::{Confirmed, Roster},
        standing::NoStanding,
    },
    store::{db::Unit, roster, tx::Tx},
};

/// What somebody says to a change of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// A removal is wrong: the person keeps their standing.
    Contest,
    /// An addition or a removal is right.
    Confirm,
}

/// Contesting or confirming a change.
pub struct SayOnRoster {
    /// The service.
    pub app: App,
    /// The account.
    pub account: AccountId,
    /// The change.
    pub change: ChangeId,
    /// What is said.
    pub say: Say,
    /// Who says it.
    pub principal: Principal,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// The removal is contested.
    Contested,
    /// The confirmation counts.
    Confirmed(Confirmed),
}

impl Unit for SayOnRoster {
    type Out = Said;
    type Error = Error;

    async fn run(&self, tx: &mut Tx) -> Result<Said, Error> {
        let mut here = Here::enter(tx, &self.app, self.account).await?;
        match self.say {
            Say::Contest => contest(&mut here, self.change, &self.principal).await,
            Say::Confirm => confirm(&mut here, self.change, &self.principal).await,
        }
    }
}

/// Contests a removal in an account that is locked already.
///
/// # Errors
/// Why it is refused.
pub async fn contest(here: &mut Here<'_>, change: ChangeId, principal: &Principal) -> Result<Said, Error> {
    let by = principal.person_everywhere()?;
    let before = roster::load(here.tx, here.account.id).await?;
    require_knowledge(here, &before, change, by, principal).await?;
    allowed(here)?;
    let owners = here.owners();
    let mut after = before.clone();
    let person = after.contest(change, by, here.circumstances(&owners))?;
    if after == before {
        return Ok(Said::Contested);
    }
    roster::save(here.tx, here.account.id, &before, &after).await?;
    here.record(
        Draft::new("roster.removal_contested", principal.actor()).user(person).with("change", change.to_string()),
    )
    .await?;
    let news =
        News { event: RosterEvent::RemovalContested, person, standing: Standing::UntilConfirmed, contestable: None };
    tell_roster::tell(here, &news, principal).await?;
    Ok(Said::Contested)
}

/// The roster is what recovery stands on, so it moves on for as long as there is something to recover; also before an
/// account has begun, when its people are being gathered.
fn allowed(here: &Here<'_>) -> Result<(), Error> {
    Ok(here.account.status.allows(Use::TakeAway)?)
}

async fn confirm(here: &mut Here<'_>, change: ChangeId, principal: &Principal) -> Result<Said, Error> {
    let by = principal.person_everywhere()?;
    let before = roster::load(here.tx, here.account.id).await?;
    require_knowledge(here, &before, change, by, principal).await?;
    allowed(here)?;
    let owners = here.owners();
    if owners.contains(&by) {
        here.fresh_proof(principal).await?;
    }
    let removal = before.person_of(change).is_some_and(|person| !before.needs_confirmation(person));
    let mut after = before.clone();
    let (person, confirmed) = after.confirm(change, by, here.circumstances(&owners))?;
    if after == before {
        return Ok(Said::Confirmed(confirmed));
    }
    roster::save(here.tx, here.account.id, &before, &after).await?;
    let kind = if removal { "roster.removal_confirmed" } else { "roster.addition_confirmed" };
    let draft = Draft::new(kind, principal.actor()).user(person).with("change", change.to_string());
    let (draft, news) = match confirmed {
        Confirmed::Recorded { have, need } => (draft.with("have", have).with("need", need), None),
        Confirmed::StandsFrom(from) => (
            draft.with("standing_from", from.to_string()),
            Some((RosterEvent::AdditionConfirmed, Standing::From { from })),
        ),
        Confirmed::Ended => (draft.with("standing", "ended"), Some((RosterEvent::RemovalConfirmed, Standing::Ended))),
    };
    here.record(draft).await?;
    if let Some((event, standing)) = news {
        tell_roster::tell(here, &News { event, person, standing, contestable: None }, principal).await?;
    }
    Ok(Said::Confirmed(confirmed))
}

/// Who has standing, or is concerned, may know of the change also without being a member any more.
async fn require_knowledge(
    here: &mut Here<'_>,
    roster: &Roster,
    change: ChangeId,
    by: UserId,
    principal: &Principal,
) -> Result<(), Error> {
    let concerned = roster.person_of(change) == Some(by);
    match roster.why_not(by, here.now, &here.owners()) {
        None => Ok(()),
        Some(_) if concerned => Ok(()),
        Some(
            NoStanding::Owner
            | NoStanding::NotAdministrator
            | NoStanding::NotJoined
            | NoStanding::NeedsConfirmation
            | NoStanding::Seasoning { .. },
        ) => {
            rights::may_read(here.tx, principal, here.account.id).await?;
            if roster.person_of(change).is_none() { Err(Refusal::NothingToContest.into()) } else { Ok(()) }
        }
    }
}
