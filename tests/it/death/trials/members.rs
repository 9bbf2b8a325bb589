//! What is done to accounts, members and the roster.

use quorate::{
    app::{
        answer::Answering,
        change_member::{self, ChangeMember},
        create_account::CreateAccount,
        invite::{Accept, Invite},
        redeem::{Answer, Redeem},
        rename_account::RenameAccount,
        roster::{Say, SayOnRoster},
        view::roster::roster,
    },
    id::ChangeId,
    ownership::member::Status,
};
use serde_json::{Map, json};

use super::{Again, Trial, keyed, unit};
use crate::harness::world::{OPERATOR, Team, World, signed_in};

pub const TRIALS: &[Trial] = &[
    Trial {
        name: "create an account",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let people: Vec<_> = (0..3).map(|_| world.new_person()).collect();
                keyed(move |app| {
                    let (first_user, administrators) = (people[0].clone(), people[1..].to_vec());
                    let (name, preset) = ("Acme".to_owned(), Some("single-owner".to_owned()));
                    let policy = Map::new();
                    Answering(CreateAccount {
                        app,
                        name,
                        preset,
                        parent: None,
                        reference: None,
                        first_user,
                        administrators,
                        policy,
                        principal: OPERATOR,
                    })
                })
            })
        },
    },
    Trial {
        name: "rename an account",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 1).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| {
                    let name = "Acme Freight".to_owned();
                    RenameAccount { app, account, name, version: None, principal: principal.clone() }
                })
            })
        },
    },
    Trial {
        name: "invite an administrator",
        again: Again::Answers,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 3).await;
                let (account, principal, person) = (team.id, signed_in(team.admins[0]), world.new_person());
                keyed(move |app| {
                    let (person, role) = (person.clone(), "administrator".to_owned());
                    Answering(Invite { app, account, person, role, principal: principal.clone() })
                })
            })
        },
    },
    Trial {
        name: "accept an invitation, by its link",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.pending_account("single-owner", 1, &json!({})).await;
                let link = world.link(team.id, team.owner, "invitation").await;
                unit(move |app| Redeem { app, link, answer: Answer::Confirm })
            })
        },
    },
    Trial {
        name: "accept an invitation, signed in",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 1).await;
                let invited = world.invite(&team, world.proven(team.owner), "administrator").await.unwrap();
                let (account, principal) = (team.id, signed_in(invited.member.user));
                unit(move |app| Accept { app, account, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "suspend an elector, as owner",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 5).await;
                let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
                world.approve(&case, &team.admins[2..4]).await;
                let (account, user, principal) = (team.id, team.admins[2], world.proven(team.owner));
                unit(move |app| {
                    let asked = change_member::Asked::Status(Status::Suspended);
                    ChangeMember { app, account, user, asked, version: None, principal: principal.clone() }
                })
            })
        },
    },
    Trial {
        name: "remove an administrator",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let team = world.account("single-owner", 5).await;
                let (account, user, principal) = (team.id, team.admins[2], signed_in(team.admins[0]));
                unit(move |app| {
                    let asked = change_member::Asked::Remove;
                    ChangeMember { app, account, user, asked, version: None, principal: principal.clone() }
                })
            })
        },
    },
    Trial {
        name: "contest a removal",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, change) = removal(world).await;
                let (account, principal) = (team.id, signed_in(team.admins[3]));
                unit(move |app| SayOnRoster { app, account, change, say: Say::Contest, principal: principal.clone() })
            })
        },
    },
    Trial {
        name: "confirm a removal",
        again: Again::Nothing,
        prepare: |world| {
            Box::pin(async move {
                let (team, change) = removal(world).await;
                let (account, principal) = (team.id, world.proven(team.owner));
                unit(move |app| SayOnRoster { app, account, change, say: Say::Confirm, principal: principal.clone() })
            })
        },
    },
];

/// One administrator has removed another.
async fn removal(world: &World) -> (Team, ChangeId) {
    let team = world.account("single-owner", 5).await;
    world.change(&team, signed_in(team.admins[0]), team.admins[2], change_member::Asked::Remove).await.unwrap();
    let shown = roster(&world.app, &signed_in(team.admins[1]), team.id).await.unwrap();
    let change = shown.people.iter().find_map(|place| place.change).unwrap();
    (team, change)
}
