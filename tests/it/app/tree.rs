//! The account tree: who creates accounts where, what stands below them, and what those above see and may do there.

use jiff::SignedDuration;
use quorate::{
    app::{
        change_member::Asked,
        create_account::{CreateAccount, Created},
        error::Error,
        invite::{Invite, NewPerson},
        principal::Principal,
        view::{account::account, children::children},
    },
    id::{AccountId, UserId},
    ownership::member::Status,
    store::members::Stored,
};
use serde_json::{Map, json};

use crate::harness::{
    TestDb, on_both,
    world::{OPERATOR, Team, World, refused, signed_in},
};

on_both!(
    the_first_customer_begins_with_its_account,
    members_create_children_by_permission,
    the_creator_chooses_neither_voters_nor_rules,
    the_tree_ends_where_the_preset_says,
    those_above_see_that_a_child_exists,
    people_are_onboarded_into_plain_roles,
    tokens_create_children,
);

fn child(world: &World, parent: AccountId, by: Principal) -> CreateAccount {
    CreateAccount {
        app: world.app.clone(),
        name: "Below".to_owned(),
        preset: None,
        parent: Some(parent),
        reference: None,
        first_user: world.new_person(),
        administrators: Vec::new(),
        policy: Map::new(),
        principal: by,
    }
}

async fn create(world: &World, asked: CreateAccount) -> Result<Created, Error> {
    world.app.db.run(asked).await
}

/// Somebody who exists, as an inviter names them.
async fn known(world: &World, user: UserId) -> NewPerson {
    let person = world.person(user).await;
    NewPerson { name: person.name, email: person.email }
}

async fn onboard(world: &World, account: AccountId, by: &Principal, role: &str) -> Result<Stored, Error> {
    let (app, role, principal) = (world.app.clone(), role.to_owned(), by.clone());
    world.app.db.run(Invite { app, account, person: world.new_person(), role, principal }).await
}

async fn status(world: &World, account_id: AccountId) -> &'static str {
    account(&world.app, &OPERATOR, account_id).await.unwrap().account.status
}

async fn the_first_customer_begins_with_its_account(test: TestDb) {
    let world = World::new(test);
    let asked = CreateAccount {
        preset: Some("account-and-customers".to_owned()),
        parent: None,
        reference: Some("  P-17 ".to_owned()),
        ..child(&world, world.app.id(), OPERATOR)
    };
    let created = create(&world, asked).await.unwrap();
    let (top, customer) = (created.account, created.first_child.expect("a customer"));
    let below = account(&world.app, &OPERATOR, customer).await.unwrap();
    assert_eq!((below.account.parent, below.account.preset.as_str()), (Some(top.id), "account-and-customers"));
    assert_eq!((top.reference.as_deref(), below.account.reference.as_deref()), (Some("P-17"), Some("P-17")));
    let owner = world.members(top.id).await[0].member.user;
    assert_eq!(world.outbox(customer).await.len(), 0, "they are asked once, for both");
    assert_eq!((status(&world, top.id).await, status(&world, customer).await), ("pending", "pending"));
    let team = Team { id: top.id, owner, admins: Vec::new() };
    world.accept(&team, owner).await.unwrap();
    assert_eq!((status(&world, top.id).await, status(&world, customer).await), ("active", "active"));
    let owners: Vec<UserId> = world.members(customer).await.iter().map(|stored| stored.member.user).collect();
    assert_eq!(owners, [owner]);
    world.check(top.id).await;
    world.check(customer).await;
    // The first user of a further customer owns that one, and nothing above it.
    let further = create(&world, child(&world, top.id, world.proven(owner))).await.unwrap();
    assert_eq!(further.first_child, None);
    let theirs = world.members(further.account.id).await;
    assert!(theirs.len() == 1 && theirs[0].member.owner && theirs[0].member.user != owner);
    assert_eq!(world.members(top.id).await.len(), 1, "nobody came into the account above");
    let kinds: Vec<String> = world.activity(top.id).await.into_iter().map(|line| line.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| *kind == "child.created").count(), 2, "{kinds:?}");
}

async fn members_create_children_by_permission(test: TestDb) {
    let world = World::new(test);
    let team = world.account("partner-managed", 2).await;
    let finance = world.join(&team, world.proven(team.owner), "finance").await;
    let stranger = world.stranger().await;
    refused(create(&world, child(&world, team.id, signed_in(finance))).await, "lacks_permission");
    refused(create(&world, child(&world, team.id, signed_in(stranger))).await, "not_found");
    let admin = signed_in(team.admins[0]);
    let created = create(&world, child(&world, team.id, admin.clone())).await.unwrap().account;
    assert_eq!((created.parent, created.depth, created.preset.as_str()), (Some(team.id), 1, "partner-managed"));
    // Whoever creates one does not own it by that; and a person of the account above is none of its members.
    refused(account(&world.app, &admin, created.id).await, "not_found");
    refused(account(&world.app, &world.proven(team.owner), created.id).await, "not_found");
    // Unless they name themselves: they have shown that the address is theirs.
    let own = CreateAccount { first_user: known(&world, team.admins[0]).await, ..child(&world, team.id, admin) };
    let own = create(&world, own).await.unwrap().account;
    assert_eq!(status(&world, own.id).await, "active");
    world.check(own.id).await;
    // A suspended member creates nothing.
    let suspend = Asked::Status(Status::Suspended);
    world.change(&team, world.proven(team.owner), team.admins[1], suspend).await.unwrap();
    refused(create(&world, child(&world, team.id, signed_in(team.admins[1]))).await, "suspended");
    world.check(team.id).await;
}

async fn the_creator_chooses_neither_voters_nor_rules(test: TestDb) {
    let world = World::new(test);
    let team = world.account("multi-owner", 1).await;
    let by = || world.proven(team.owner);
    let packed = CreateAccount { administrators: vec![world.new_person()], ..child(&world, team.id, by()) };
    refused(create(&world, packed).await, "onboards_plain_roles");
    let policy = json!({"min_approvals": 1});
    let policy = policy.as_object().cloned().unwrap();
    refused(create(&world, CreateAccount { policy, ..child(&world, team.id, by()) }).await, "invalid");
    let preset = Some("single-owner".to_owned());
    refused(create(&world, CreateAccount { preset, ..child(&world, team.id, by()) }).await, "invalid");
    let reference = Some("x".repeat(81));
    refused(create(&world, CreateAccount { reference, ..child(&world, team.id, by()) }).await, "reference_length");
    // An operator may.
    let packed = CreateAccount { administrators: vec![world.new_person()], ..child(&world, team.id, OPERATOR) };
    assert_eq!(world.members(create(&world, packed).await.unwrap().account.id).await.len(), 2);
}

async fn the_tree_ends_where_the_preset_says(test: TestDb) {
    let world = World::new(test);
    let lone = world.account("single-owner", 1).await;
    refused(create(&world, child(&world, lone.id, world.proven(lone.owner))).await, "no_children");
    refused(create(&world, child(&world, lone.id, OPERATOR)).await, "no_children");
    let unknown: AccountId = world.app.id();
    refused(create(&world, child(&world, unknown, OPERATOR)).await, "not_found");
    let pending = world.pending_account("recommended", 0, &json!({})).await;
    refused(create(&world, child(&world, pending.id, OPERATOR)).await, "account_pending");
    // Three levels below the top, each with the same owner.
    let team = world.account("recommended", 0).await;
    let (mut above, owner) = (team.id, known(&world, team.owner).await);
    for depth in 1..=3 {
        let asked = CreateAccount { first_user: owner.clone(), ..child(&world, above, world.proven(team.owner)) };
        let created = create(&world, asked).await.unwrap().account;
        assert_eq!((created.depth, created.parent), (depth, Some(above)));
        above = created.id;
    }
    refused(create(&world, child(&world, above, world.proven(team.owner))).await, "no_children");
}

async fn those_above_see_that_a_child_exists(test: TestDb) {
    let world = World::new(test);
    let team = world.account("multi-owner", 1).await;
    let (owner, admin) = (world.proven(team.owner), signed_in(team.admins[0]));
    let first = create(&world, child(&world, team.id, admin.clone())).await.unwrap().account;
    // Ids are in the order of time to the millisecond.
    world.advance(SignedDuration::from_millis(1));
    let own =
        CreateAccount { first_user: known(&world, team.admins[0]).await, ..child(&world, team.id, admin.clone()) };
    let own = create(&world, own).await.unwrap().account;
    let list = |by: &Principal| {
        let by = by.clone();
        let world = &world;
        async move {
            let rows = children(&world.app, &by, team.id, None, 200).await?;
            Ok::<_, Error>(rows.into_iter().map(|row| (row.id, row.access)).collect::<Vec<_>>())
        }
    };
    // Owners see every workspace, without having access to it.
    assert_eq!(list(&owner).await.unwrap(), [(first.id, false), (own.id, false)]);
    assert_eq!(list(&OPERATOR).await.unwrap(), [(first.id, true), (own.id, true)]);
    // Here only owners do: an administrator sees those that they are in.
    assert_eq!(list(&admin).await.unwrap(), [(own.id, true)]);
    refused(list(&signed_in(world.stranger().await)).await, "not_found");
    // And it tells nothing of who is in there.
    let shown = serde_json::to_value(children(&world.app, &owner, team.id, None, 1).await.unwrap()).unwrap();
    let fields: Vec<&String> = shown[0].as_object().unwrap().keys().collect();
    let told = ["access", "closing_until", "created_at", "id", "name", "preset", "reference", "status"];
    assert_eq!(fields, told);
    let after = children(&world.app, &owner, team.id, Some(first.id), 200).await.unwrap();
    assert_eq!(after.iter().map(|row| row.id).collect::<Vec<_>>(), [own.id]);
    refused(account(&world.app, &owner, own.id).await, "not_found");
}

async fn people_are_onboarded_into_plain_roles(test: TestDb) {
    let world = World::new(test);
    let team = world.account("partner-managed", 1).await;
    let created = create(&world, child(&world, team.id, signed_in(team.admins[0]))).await.unwrap().account;
    let above = signed_in(team.admins[0]);
    onboard(&world, created.id, &above, "technical_contact").await.unwrap();
    refused(onboard(&world, created.id, &above, "company_admin").await, "onboards_plain_roles");
    // Nobody else above knows of it, and nothing else there is theirs.
    let finance = world.join(&team, world.proven(team.owner), "finance").await;
    refused(onboard(&world, created.id, &signed_in(finance), "technical_contact").await, "not_found");
    let owner = world.members(created.id).await[0].member.user;
    let below = Team { id: created.id, owner, admins: Vec::new() };
    refused(world.change(&below, above, owner, Asked::Remove).await, "not_found");
    // Where the preset has no such permission, not even an owner above lets anybody in.
    let team = world.account("multi-owner", 0).await;
    let by = world.proven(team.owner);
    let workspace = create(&world, child(&world, team.id, by.clone())).await.unwrap().account;
    refused(onboard(&world, workspace.id, &by, "user").await, "not_found");
}

async fn tokens_create_children(test: TestDb) {
    let world = World::new(test);
    let team = world.account("partner-managed", 1).await;
    let finance = world.join(&team, world.proven(team.owner), "finance").await;
    let alone = world.platform(None).await;
    assert!(create(&world, child(&world, team.id, alone)).await.is_ok());
    let for_them = world.platform(Some(team.admins[0])).await;
    assert!(create(&world, child(&world, team.id, for_them.clone())).await.is_ok());
    // On behalf of somebody, it has no more than they have.
    let weak = world.platform(Some(finance)).await;
    refused(create(&world, child(&world, team.id, weak)).await, "lacks_permission");
    let on_top = CreateAccount { parent: None, ..child(&world, team.id, for_them) };
    refused(create(&world, on_top).await, "operators_only");
    let person = CreateAccount { parent: None, ..child(&world, team.id, world.proven(team.owner)) };
    refused(create(&world, person).await, "operators_only");
}
