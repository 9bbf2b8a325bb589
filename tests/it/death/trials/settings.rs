//! What owners do to the policy and the settings of an account, and what time does to them.

use quorate::{
    activity::personal::Whose,
    app::{
        app::App,
        branding::SetBranding,
        cancel_policy::CancelPolicy,
        erase_values::{EraseValues, Why},
        join::Join,
        join_domains::{PutDomain, RemoveDomain},
        logo::SetLogo,
        policy_effect,
        principal::Principal,
        propose_policy::ProposePolicy,
        prove_domain,
        reference::SetReference,
    },
    ownership::preset::Reference,
    recovery::policy::Policy,
    store::erasure,
};

use super::{Again, Trial, several, unit};
use crate::{
    app::settings::{Records, proven_domain, small_png},
    harness::world::{OPERATOR, Team, World, hours},
};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "erase personal values",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 1).await;
                let (account, why) = (team.id, Why::Kept);
                let mut tx = world.app.db.read().await.unwrap();
                let places = erasure::of(&mut tx, account, Whose::User(team.owner), 0).await.unwrap().places;
                drop(tx);
                unit(move |app| EraseValues { app, account, places: places.clone(), why })
            })
        },
    },
    Trial {
        name: "tighten the policy",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, policy) = edited(world, 96).await;
                propose(world, &team, policy)
            })
        },
    },
    Trial {
        name: "propose to loosen the policy",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, policy) = edited(world, 48).await;
                propose(world, &team, policy)
            })
        },
    },
    Trial {
        name: "cancel a change of the policy",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, policy) = edited(world, 48).await;
                let principal = world.proven(team.owner);
                let app = world.app.clone();
                let proposal =
                    ProposePolicy { app, account: team.id, policy, version: None, principal: principal.clone() };
                world.app.db.run(proposal).await.unwrap();
                let account = team.id;
                unit(move |app| CancelPolicy { app, account, version: None, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "put a change of the policy in force",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, policy) = edited(world, 48).await;
                let (app, principal) = (world.app.clone(), world.proven(team.owner));
                let proposal = ProposePolicy { app, account: team.id, policy, version: None, principal };
                world.app.db.run(proposal).await.unwrap();
                world.advance(hours(72));
                let account = team.id;
                several(move |app: App| async move { policy_effect::look(&app, account).await.map(drop) })
            })
        },
    },
    Trial {
        name: "set the branding",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                unit(move |app| SetBranding {
                    app,
                    account,
                    name: Some("Acme Freight".to_owned()),
                    colour: Some("#884400".to_owned()),
                    version: None,
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "set the logo",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                unit(move |app| SetLogo {
                    app,
                    account,
                    file: Some(small_png()),
                    version: None,
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "say whether children need a reference",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("partner-managed", 1).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| SetReference {
                    app,
                    account,
                    rule: Reference::Mandatory,
                    version: None,
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "let people join by a domain",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                unit(move |app| PutDomain {
                    app,
                    account,
                    domain: "example.org".to_owned(),
                    role: "member".to_owned(),
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "have nobody join by a domain any more",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                let records = Records::start().await;
                proven_domain(world, &records, account, &principal, "example.org").await;
                unit(move |app| RemoveDomain {
                    app,
                    account,
                    domain: "example.org".to_owned(),
                    principal: principal.clone(),
                })
            })
        },
    },
    Trial {
        name: "prove a domain",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                let records = Records::start().await;
                records.publish(account, "example.org");
                let domain = "example.org".to_owned();
                let put = PutDomain {
                    app: world.app.clone(),
                    account,
                    domain: domain.clone(),
                    role: "member".to_owned(),
                    principal: principal.clone(),
                };
                world.app.db.run(put).await.unwrap();
                let records = std::sync::Arc::new(records);
                several(move |app: App| {
                    let (records, principal) = (records.clone(), principal.clone());
                    async move {
                        let app = App { dns: records.dns(), ..app };
                        prove_domain::verify(&app, &principal, account, "example.org").await.map(drop)
                    }
                })
            })
        },
    },
    Trial {
        name: "find that a record is gone",
        again: Again::OneMore,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                let records = Records::start().await;
                proven_domain(world, &records, account, &principal, "example.org").await;
                world.advance(hours(24 * 31));
                several(move |app: App| async move {
                    let domain = "example.org".parse().unwrap();
                    prove_domain::look_again(&app, account, &domain).await.map(drop)
                })
            })
        },
    },
    Trial {
        name: "join by a domain",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (account, principal) = owned(world).await;
                let records = Records::start().await;
                proven_domain(world, &records, account, &principal, "example.org").await;
                let joiner = world.proven(world.stranger().await);
                unit(move |app| Join { app, account, principal: joiner.clone() })
            })
        },
    },
];

async fn owned(world: &World) -> (quorate::id::AccountId, Principal) {
    let team = world.account("recommended", 1).await;
    (team.id, world.proven(team.owner))
}

/// A team, and its policy with a waiting period of that many hours.
async fn edited(world: &World, waiting: i64) -> (Team, Policy) {
    let team = world.account("recommended", 3).await;
    let mut policy = quorate::app::view::policy::policy(&world.app, &OPERATOR, team.id).await.unwrap().effective;
    policy.waiting_period = hours(waiting);
    (team, policy)
}

fn propose(world: &World, team: &Team, policy: Policy) -> super::Attempt {
    let (account, principal) = (team.id, world.proven(team.owner));
    unit(move |app| ProposePolicy { app, account, policy: policy.clone(), version: None, principal: principal.clone() })
}
