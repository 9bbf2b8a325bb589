//! What people and time do to a case.

use quorate::{
    app::{
        act::{self, Act, Asked},
        answer::Answering,
        app::App,
        error::Error,
        open_case::OpenCase,
        redeem::{Answer, Redeem},
    },
    jobs::deadlines,
    recovery::{ballot::Choice, case::Case, terms::Kind},
    store::error::DbError,
};
use tokio_util::sync::CancellationToken;

use super::{Again, Trial, keyed, several, unit};
use crate::harness::world::{Team, World, ballot, hours, signed_in};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "open a case",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 5).await;
                let (account, nominee, opener) = (team.id, team.admins[1], team.admins[0]);
                keyed(move |app| {
                    let statement = "The owner has left.".to_owned();
                    let principal = signed_in(opener);
                    Answering(OpenCase { app, account, kind: Kind::Replace, nominee, statement, principal })
                })
            })
        },
    },
    Trial {
        name: "cast a ballot",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 1).await;
                let (voter, asked) = (team.admins[3], ballot(&case, Choice::Reject));
                let principal = world.proven(voter);
                unit(move |app| Act { app, case: case.id(), asked, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "cast a ballot that needs no lock",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 1).await;
                let (voter, asked, case) = (team.admins[3], ballot(&case, Choice::Reject), case.id());
                let principal = world.proven(voter);
                several(move |app| {
                    let act = Act { app, case, asked, principal: principal.clone() };
                    async move { act::ask(act).await.map(drop) }
                })
            })
        },
    },
    Trial {
        name: "make the quorum, by a mailed link",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 2).await;
                let link = world.link(team.id, team.admins[2], "ballot_request").await;
                let answer = Answer::Vote { choice: Choice::Approve, terms_hash: case.terms_hash };
                unit(move |app| Redeem { app, link, answer })
            })
        },
    },
    Trial {
        name: "take back a ballot of a quorum",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 3).await;
                let principal = signed_in(team.admins[0]);
                unit(move |app| Act { app, case: case.id(), asked: Asked::TakeBack, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "pause, by a mailed link",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, _) = approved(world, 3).await;
                let link = world.link(team.id, team.owner, "owner_alert").await;
                unit(move |app| Redeem { app, link, answer: Answer::Confirm })
            })
        },
    },
    Trial {
        name: "veto",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 3).await;
                let principal = world.proven(team.owner);
                unit(move |app| Act { app, case: case.id(), asked: Asked::Veto, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "withdraw",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, case) = approved(world, 1).await;
                let principal = signed_in(team.admins[0]);
                unit(move |app| Act { app, case: case.id(), asked: Asked::Withdraw, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "complete",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let case = due(world).await.id();
                several(move |app| async move { act::tick(&app, case).await })
            })
        },
    },
    Trial {
        name: "sweep of due cases",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                due(world).await;
                several(|app: App| async move {
                    let swept = deadlines::sweep(&app, &CancellationToken::new()).await?;
                    if swept.failed > 0 { Err(Error::Internal(DbError::Stopped)) } else { Ok(()) }
                })
            })
        },
    },
];

/// A case to which so many of five have agreed. Three make its quorum.
async fn approved(world: &World, approvals: usize) -> (Team, Case) {
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let order = [0, 3, 4].map(|place| team.admins[place]);
    let voters = if approvals < 3 { &[team.admins[0], team.admins[4]][..approvals] } else { &order[..] };
    let case = world.approve(&case, voters).await;
    (team, case)
}

/// A case whose waiting period is over.
async fn due(world: &World) -> Case {
    let (_, case) = approved(world, 3).await;
    world.deliver().await;
    world.advance(hours(24 * 7));
    case
}
