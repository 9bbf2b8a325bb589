//! Recovery users.

use quorate::{
    app::{
        act,
        add_recovery_user::{AddRecoveryUser, RemoveRecoveryUser},
        answer::Answering,
        confirm_recovery_address::{CheckRecoveryCode, ConfirmRecoveryAddress, SendRecoveryCode},
        drill::{BeginDrill, EndDrill},
        issue_paper_key::{IssuePaperKey, Issued, RevokePaperKey},
        key_tries::TellOfKeyTries,
        link_code::Proof,
        remind_of_key::RemindOfKey,
    },
    id::{AccountId, CodeId, PaperKeyId},
    jobs::{key_reminders, key_tries},
    ownership::{key_tries::TELL_EVERY, readiness::DRILL_AGAIN},
    paper_key::key::PaperKey,
    store::error::DbError,
};
use tokio_util::sync::CancellationToken;

use super::{Again, Trial, keyed, several, unit};
use crate::{
    app::{
        drills::{self, begin, forged},
        paper_keys::issue,
        recovery_users::{chosen, confirmed, link, mailed},
    },
    harness::world::{World, days},
};

const EMAIL: &str = "rita@example.net";

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "choose a recovery user",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                keyed(move |app| {
                    let emails = vec![EMAIL.parse().unwrap(), "rita@example.com".parse().unwrap()];
                    let name = "Rita Rossi".to_owned();
                    Answering(AddRecoveryUser { app, account, name, emails, principal: principal.clone() })
                })
            })
        },
    },
    Trial {
        name: "remove a recovery user",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = chosen(world, &team, &[EMAIL]).await.id;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| RemoveRecoveryUser { app, account, user, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "confirm a recovery address",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, token) = asked(world).await;
                unit(move |app| ConfirmRecoveryAddress { app, link, proof: Proof::Token(token.clone()) })
            })
        },
    },
    Trial {
        name: "confirm a recovery address by a code",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                let code = mailed(world, EMAIL).await;
                unit(move |app| ConfirmRecoveryAddress { app, link, proof: Proof::Code(code.clone()) })
            })
        },
    },
    Trial {
        name: "mail a code to a recovery address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                unit(move |app| SendRecoveryCode { app, link })
            })
        },
    },
    Trial {
        name: "mistype the code of a recovery address",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (link, _) = asked(world).await;
                mailed(world, EMAIL).await;
                unit(move |app| CheckRecoveryCode { app, link, code: "00000000".to_owned() })
            })
        },
    },
    Trial {
        name: "issue a paper key in place of another",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                let replaces = Some(issue(world, &team, user, None, None).await.unwrap().key.id);
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| {
                    let principal = principal.clone();
                    IssuePaperKey { app, account, user, expires_at: None, replaces, principal }
                })
            })
        },
    },
    Trial {
        name: "revoke a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 2).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                let key = issue(world, &team, user, None, None).await.unwrap().key.id;
                let principal = world.proven(team.owner);
                unit(move |app| RevokePaperKey { app, key, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "begin a drill",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let key = held(world).await.secret;
                unit(move |app| BeginDrill { app, key: key.clone() })
            })
        },
    },
    Trial {
        name: "refuse a paper key",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let key = forged(&held(world).await.secret);
                unit(move |app| BeginDrill { app, key: key.clone() })
            })
        },
    },
    Trial {
        name: "refuse a paper key once more",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let key = tried(world).await;
                unit(move |app| BeginDrill { app, key: key.clone() })
            })
        },
    },
    Trial {
        name: "tell of refused paper keys",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let account = tried_twice(world).await;
                unit(move |app| TellOfKeyTries { app, account })
            })
        },
    },
    Trial {
        name: "tell of all refused paper keys that are due",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                for _ in 0..2 {
                    tried_twice(world).await;
                }
                several(|app| async move {
                    let swept = key_tries::sweep(&app, &CancellationToken::new()).await?;
                    if swept.failed > 0 { Err(DbError::Stopped.into()) } else { Ok(()) }
                })
            })
        },
    },
    Trial {
        name: "remind of a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, key) = old(world).await;
                unit(move |app| RemindOfKey { app, account, key })
            })
        },
    },
    Trial {
        name: "remind of all paper keys that are due",
        again: Again::TheRest,
        prepare: |world| {
            Box::pin(async move {
                for _ in 0..2 {
                    old(world).await;
                }
                several(|app| async move {
                    let swept = key_reminders::sweep(&app, &CancellationToken::new()).await?;
                    if swept.failed > 0 { Err(DbError::Stopped.into()) } else { Ok(()) }
                })
            })
        },
    },
    Trial {
        name: "end a drill",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let drill = begin(world, &held(world).await.secret).await.unwrap().drill;
                let code = drills::code(world).await;
                unit(move |app| EndDrill { app, drill, code: code.clone() })
            })
        },
    },
    Trial {
        name: "mistype the code of a drill",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let drill = begin(world, &held(world).await.secret).await.unwrap().drill;
                unit(move |app| EndDrill { app, drill, code: "1".to_owned() })
            })
        },
    },
    Trial {
        name: "complete where somebody holds a paper key",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("recommended", 3).await;
                let user = confirmed(world, &team, &[EMAIL]).await.id;
                issue(world, &team, user, None, None).await.unwrap();
                let case = world.open(&team, team.admins[0], team.admins[0]).await.unwrap();
                world.approve(&case, &team.admins[1..]).await;
                world.deliver().await;
                world.advance(days(4));
                let case = case.id();
                several(move |app| async move { act::tick(&app, case).await })
            })
        },
    },
];

/// A key that somebody holds.
async fn held(world: &World) -> Issued {
    let team = world.account("recommended", 2).await;
    let user = confirmed(world, &team, &[EMAIL]).await.id;
    issue(world, &team, user, None, None).await.unwrap()
}

/// A key that lies in its safe for half a year.
async fn old(world: &World) -> (AccountId, PaperKeyId) {
    let team = world.account("recommended", 2).await;
    let user = confirmed(world, &team, &[EMAIL]).await.id;
    let key = issue(world, &team, user, None, None).await.unwrap().key;
    world.advance(DRILL_AGAIN);
    (team.id, key.id)
}

/// A wrong key with the number of a real one, which was tried a moment ago.
async fn tried(world: &World) -> PaperKey {
    let key = forged(&held(world).await.secret);
    begin(world, &key).await.unwrap_err();
    key
}

/// An account whose owners are to be told of a try that was not the first.
async fn tried_twice(world: &World) -> AccountId {
    let team = world.account("recommended", 2).await;
    let user = confirmed(world, &team, &[EMAIL]).await.id;
    let key = forged(&issue(world, &team, user, None, None).await.unwrap().secret);
    for _ in 0..2 {
        begin(world, &key).await.unwrap_err();
    }
    world.advance(TELL_EVERY);
    team.id
}

async fn asked(world: &World) -> (CodeId, String) {
    let team = world.account("recommended", 2).await;
    chosen(world, &team, &[EMAIL]).await;
    link(world, EMAIL).await
}
