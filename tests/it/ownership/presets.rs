//! The presets: the values that the rules give each, the permission table, and every mistake an operator can make.

use std::collections::BTreeSet;

use quorate::{
    ownership::{
        permission::Permission,
        preset::{FirstChild, PresetError, Presets, PrimaryOwner, Reference, RoleAccess},
    },
    recovery::{
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Switch},
        terms::Kind,
    },
};

use super::fixtures::*;
use super::table;

const GOOD: &str = include_str!("../../../src/ownership/presets/recommended.toml");

#[test]
fn the_policies_are_those_of_the_rules() {
    use NomineeApproval::{Counts, DoesNotCount};
    use OwnersAllowed::{Many, One};
    use Switch::{Off, On};
    // name, owners, vote, S, least, nominee, period, keys, needed, approvals, key period, advised owners and administrators
    let rows = [
        ("recommended", Many, On, 168, 2, DoesNotCount, 72, On, 1, 0, 72, (2, 3)),
        ("single-owner", One, On, 72, 1, Counts, 72, Off, 1, 0, 72, (1, 3)),
        ("account-and-customers", Many, Off, 168, 2, DoesNotCount, 72, On, 1, 0, 24, (2, 0)),
        ("multi-owner", Many, On, 168, 2, DoesNotCount, 72, On, 1, 0, 72, (2, 3)),
        ("partner-managed", Many, On, 168, 2, DoesNotCount, 72, On, 2, 0, 72, (1, 2)),
    ];
    assert_eq!(presets().all().count(), rows.len());
    for (name, owners, vote, seasoning, least, nominee, period, keys, needed, approvals, key_period, advised) in rows {
        let preset = preset(name);
        let policy = &preset.policy;
        assert_eq!((policy.owners, policy.vote_route, policy.paper_key_route), (owners, vote, keys), "{name}");
        assert_eq!((policy.seasoning, policy.waiting_period), (hours(seasoning), hours(period)), "{name}");
        assert_eq!((policy.min_approvals, policy.nominee_approval), (least, nominee), "{name}");
        assert_eq!((policy.keys_required, policy.keys_need_approvals), (needed, approvals), "{name}");
        assert_eq!(policy.key_waiting_period, hours(key_period), "{name}");
        assert_eq!((preset.ownership.advised_owners, preset.ownership.advised_administrators), advised, "{name}");
        assert_eq!((policy.min_notice, policy.transfer_window), (hours(24), hours(72)), "{name}");
        assert_eq!((policy.majority, policy.pauses), (Majority::HALF, 2), "{name}");
        assert_eq!(policy.voting_window, hours(14 * 24), "{name}");
        assert_eq!((policy.veto_cooldown, policy.reopen_after), (hours(7 * 24), hours(7 * 24)), "{name}");
        let primary = if name == "multi-owner" { PrimaryOwner::One } else { PrimaryOwner::None };
        assert_eq!(preset.ownership.primary_owner, primary, "{name}");
        assert_eq!(preset.role(&preset.first_role).map(|role| role.administrator), Some(true), "{name}");
    }
    let kinds = |name: &str| preset(name).policy.key_kinds;
    assert_eq!(kinds("account-and-customers"), BTreeSet::from([Kind::Add]));
    assert_eq!(kinds("recommended"), BTreeSet::from([Kind::Replace, Kind::Add]));
    let every_way = BTreeSet::from([BallotWay::SignedIn, BallotWay::MailLink, BallotWay::PlainMail]);
    assert_eq!(preset("single-owner").policy.ballots, every_way);
    assert_eq!(preset("multi-owner").policy.ballots, BTreeSet::from([BallotWay::SignedIn]));
}

#[test]
fn what_stands_below_an_account() {
    // name, plural, levels, first
    let rows = [
        ("recommended", "workspaces", 3, FirstChild::Later),
        ("account-and-customers", "customers", 1, FirstChild::WithAccount),
        ("multi-owner", "workspaces", 1, FirstChild::Later),
        ("partner-managed", "managed accounts", 1, FirstChild::Later),
    ];
    for (name, plural, levels, first) in rows {
        let preset = preset(name);
        let children = preset.children_at(0).unwrap();
        assert_eq!((children.plural.as_str(), children.levels, children.first), (plural, levels, first));
        assert_eq!((children.preset.as_str(), children.reference), (name, Reference::Optional));
        assert!(preset.children_at(levels - 1).is_some() && preset.children_at(levels).is_none(), "{name}");
    }
    assert_eq!(preset("single-owner").children_at(0), None);
}

/// The table of the vendor's document, as the product's description places its ticks.
#[test]
fn partner_managed_has_the_permission_table() {
    let preset = preset("partner-managed");
    for (permission, ticks, count) in table::ROWS {
        assert_eq!(ticks.matches('x').count(), count, "{permission}");
    }
    for (permission, column, ticked) in table::cells() {
        assert_eq!(role(&preset, column).permissions.contains(permission), ticked, "{permission} of {column}");
    }
    let administrators: Vec<_> = preset.roles.iter().filter(|role| role.administrator).map(|role| &role.name).collect();
    assert_eq!(administrators, ["company_admin"]);
}

#[test]
fn only_owners_delete_others_in_an_organization() {
    let multi = preset("multi-owner");
    assert!(multi.is_owner_only(Permission::MembersDelete.name()));
    assert!(multi.is_owner_only(Permission::ChildrenList.name()));
    assert!(!multi.knows(Permission::ChildrenOnboard.name()));
    let single = preset("single-owner");
    assert!(!single.is_owner_only(Permission::MembersDelete.name()));
    for preset in presets().all() {
        for permission in [Permission::AccountSuspend, Permission::AccountClose, Permission::OwnersManage] {
            assert!(preset.knows(permission.name()) && preset.is_owner_only(permission.name()));
        }
    }
    assert_eq!(role(&preset("account-and-customers"), "no_console").access, RoleAccess::None);
}

fn mistakes(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    let text = GOOD.replacen("name = \"recommended\"", "name = \"ours\"", 1).replacen(from, to, 1);
    match Presets::with([("ours", text.as_str())]) {
        Ok(_) => Vec::new(),
        Err(wrong) => wrong.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn an_operator_adds_their_own() {
    let text = GOOD.replacen("name = \"recommended\"", "name = \"ours\"", 1);
    let with = Presets::with([("ours", text.as_str())]).unwrap();
    assert_eq!(with.get("ours").unwrap().children.as_ref().unwrap().preset, "recommended");
    assert_eq!(with.all().count(), 6);
    assert!(matches!(presets().get("ours"), Err(PresetError::Unknown { .. })));
    let unknown = with.get("theirs").unwrap_err().to_string();
    assert!(unknown.contains("choose one of account-and-customers, multi-owner, ours"), "{unknown}");
    // Two may name each other: `levels` ends the circle.
    let there = text.replacen("preset = \"recommended\"", "preset = \"theirs\"", 1);
    let back = there.replacen("name = \"ours\"", "name = \"theirs\"", 1).replacen(
        "preset = \"theirs\"",
        "preset = \"ours\"",
        1,
    );
    Presets::with([("ours", there.as_str()), ("theirs", back.as_str())]).unwrap();
}

#[test]
fn each_mistake_is_told_by_file_and_key_with_what_to_do() {
    let told = [
        ("summary = \"One", "summary = \" \" #"),
        ("name = \"ours\"", "name = \"hers\""),
        ("first_role = \"administrator\"", "first_role = \"boss\""),
        ("first_role = \"administrator\"", "first_role = \"member\""),
        ("\"members.delete\" = \"Delete members\"\n", ""),
        ("\"members.delete\" = ", "\"members.destroy\" = "),
        ("\"children.list\" = ", "\"account.close\" = \"Close\"\n\"children.list\" = "),
        ("\"children.list\" = ", "\"Services\" = \"\"\n\"children.list\" = "),
        ("owner_only = [\"settings.manage\"]", "owner_only = [\"settings.manage\", \"billing.view\"]"),
        ("owner_only = [\"settings.manage\"]", "owner_only = [\"settings.manage\", \"members.manage\"]"),
        ("permissions = [\"members.view\"]", "permissions = [\"members.view\", \"services.view\"]"),
        ("permissions = [\"members.view\"]", "permissions = [\"members.view\"]\naccess = \"none\""),
        ("name = \"member\"", "name = \"administrator\""),
        ("title = \"Member\"", "title = \"\""),
        ("advised_owners = 2", "advised_owners = 0"),
        ("primary_owner = \"none\"", "primary_owner = \"two\""),
        ("owners = \"many\"", "owners = \"one\""),
        ("preset = \"recommended\"", "preset = \"nonesuch\""),
        ("called = \"workspace\"", "called = \"\""),
        ("levels = 3", "levels = 9"),
        ("min_approvals = 2", "min_approvals = 4"),
        ("seasoning = \"168h\"", "seasoning = \"0s\""),
        ("min_notice = \"24h\"", "min_notice = \"73h\""),
        ("keys_required = 1", "keys_required = 0"),
        ("key_kinds = [\"replace\", \"add\"]", "key_kinds = []"),
        ("majority = \"1/2\"", "majority = \"1/3\""),
        ("pauses = 2", "pauses = 2\ncolour = 3"),
    ]
    .map(|(from, to)| {
        let wrong = if from == "name = \"ours\"" { renamed() } else { mistakes(from, to) };
        assert!(!wrong.is_empty(), "`{from}` -> `{to}` was taken");
        wrong.join("\n")
    })
    .join("\n\n");
    insta::assert_snapshot!(told);
    let two = mistakes("seasoning = \"168h\"", "seasoning = \"0s\"\n# \"").len();
    assert_eq!(two, 1);
}

/// The file is called otherwise than the preset in it.
fn renamed() -> Vec<String> {
    let text = GOOD.replacen("name = \"recommended\"", "name = \"hers\"", 1);
    Presets::with([("ours", text.as_str())]).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn no_route_at_all_is_no_policy() {
    let text = GOOD
        .replacen("name = \"recommended\"", "name = \"ours\"", 1)
        .replacen("vote_route = \"on\"", "vote_route = \"off\"", 1)
        .replacen("paper_key_route = \"on\"", "paper_key_route = \"off\"", 1);
    let wrong = Presets::with([("ours", text.as_str())]).unwrap_err();
    assert!(wrong.iter().any(|wrong| wrong.to_string().contains("nobody could recover")), "{wrong:?}");
}

#[test]
fn a_built_in_name_is_taken() {
    let wrong = Presets::with([("recommended", GOOD)]).unwrap_err();
    assert_eq!(wrong, [PresetError::Taken { name: "recommended".to_owned() }]);
    // Several files, several mistakes: all are told at once.
    let wrong = Presets::with([("single-owner", GOOD), ("ours", "name = 3")]).unwrap_err();
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(presets().get("nonesuch").unwrap_err().to_string().contains("recommended"));
}
