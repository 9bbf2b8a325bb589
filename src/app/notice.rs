//! Whether the owners of a case were told in time, as far as mail servers say, and what became of the alerts to those who
//! were not. An owner whom no alert reached is another thing than an owner who stayed silent.

use std::collections::BTreeMap;

use serde_json::json;

use super::{error::Error, here::Here};
use crate::{
    activity::entry::Draft,
    id::UserId,
    moment::Moment,
    recovery::{
        case::{Case, State},
        event::Event,
    },
    store::told,
};

/// The moment by which every owner had been told of the present quorum. Asked once it matters: when the case comes due.
pub(super) async fn notice(here: &mut Here<'_>, case: &Case) -> Result<Option<Moment>, Error> {
    match waiting_since(case) {
        Some((since, due_at)) if due_at <= here.now => {
            let owners: Vec<UserId> = case.terms.owner_ids().into_iter().collect();
            Ok(told::alerts(here.tx, case.id(), since).await?.notice(&owners))
        }
        Some(_) | None => Ok(None),
    }
}

/// Adds to the entry of an event that rests on the notice, when it reached each owner, and whom it did not reach in time, and why.
pub(super) async fn with_unreached(
    here: &mut Here<'_>,
    before: &Case,
    event: &Event,
    draft: Draft,
) -> Result<Draft, Error> {
    let rests_on_it = matches!(event, Event::Extended { .. } | Event::Completed { .. });
    let Some((since, _)) = waiting_since(before).filter(|_| rests_on_it) else { return Ok(draft) };
    let alerts = told::alerts(here.tx, before.id(), since).await?;
    let in_time = here.now.before(before.terms.policy.min_notice);
    let unreached: Vec<_> = before
        .terms
        .owner_ids()
        .into_iter()
        .filter_map(|owner| Some(json!({"user": owner, "why": alerts.missed(owner, in_time)?.word()})))
        .collect();
    let reached: BTreeMap<UserId, Moment> =
        before.terms.owner_ids().into_iter().filter_map(|owner| Some((owner, alerts.accepted_at(owner)?))).collect();
    let draft = draft.with("alerts", json!(reached));
    Ok(if unreached.is_empty() { draft } else { draft.with("unreached", json!(unreached)) })
}

const fn waiting_since(case: &Case) -> Option<(Moment, Moment)> {
    match case.state {
        State::Waiting { since, due_at } => Some((since, due_at)),
        State::Collecting
        | State::Paused { .. }
        | State::Completed { .. }
        | State::Vetoed { .. }
        | State::Rejected { .. }
        | State::Expired { .. }
        | State::Withdrawn { .. } => None,
    }
}
