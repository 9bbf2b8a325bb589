//! Permission decisions, each with its reason, and that they say what the acts do.

use quorate::ownership::{
    access::{Because, Decision, Place, WhyNot, decide, onboarder},
    account::Status as Account,
    member::{Act, Asked, Member, Status, decide as decide_member},
    permission::Permission,
    preset::Preset,
    refusal::Refusal,
    rights::Rights,
};

use super::fixtures::*;

const fn place(preset: &Preset, status: Account, depth: u32) -> Place<'_> {
    Place { preset, status, depth }
}

fn code(permission: &str, member: Option<&Member>, place: Place<'_>) -> &'static str {
    match decide(permission, member, place) {
        Decision::Allow(because) => because.code(),
        Decision::Deny(why) => why.code(),
    }
}

#[test]
fn the_decision_has_its_reason() {
    let partner = preset("partner-managed");
    let here = place(&partner, Account::Active, 0);
    let [boss, finance] = [owner(&partner, 1), member(&partner, 31, "finance")];
    let with = |status| Member { status, ..finance.clone() };
    let rows: [(&str, Option<&Member>, &str); 14] = [
        ("services.lock", Some(&boss), "owner"),
        ("services.create", Some(&finance), "role"),
        ("services.lock", Some(&finance), "role_lacks"),
        ("services.create", None, "not_a_member"),
        ("services.create", Some(&with(Status::Invited)), "not_accepted"),
        ("services.create", Some(&with(Status::Suspended)), "suspended"),
        ("services.dance", Some(&boss), "unknown_permission"),
        ("account.close", Some(&boss), "owner"),
        ("account.close", Some(&finance), "owners_only"),
        ("account.close", Some(&member(&partner, 11, "company_admin")), "owners_only"),
        ("children.create", Some(&member(&partner, 11, "company_admin")), "role"),
        ("children.create", Some(&finance), "role_lacks"),
        ("members.view", Some(&finance), "role_lacks"),
        ("services.create", Some(&Member { role: "gone".to_owned(), ..finance.clone() }), "role_unknown"),
    ];
    for (permission, member, expected) in rows {
        assert_eq!(code(permission, member, here), expected, "{permission}");
    }
    // A managed account has none below it, whatever its roles say.
    assert_eq!(code("children.create", Some(&boss), place(&partner, Account::Active, 1)), "no_children");
    let customers = preset("account-and-customers");
    let hidden = member(&customers, 31, "no_console");
    assert_eq!(code("members.view", Some(&hidden), place(&customers, Account::Active, 0)), "no_access");
    // Not even owners have what the preset does not know.
    let multi = preset("multi-owner");
    let here = place(&multi, Account::Active, 0);
    assert_eq!(code("children.onboard", Some(&owner(&multi, 1)), here), "unknown_permission");
    assert_eq!(code("children.list", Some(&member(&multi, 11, "administrator")), here), "owners_only");
    assert_eq!(code("children.list", Some(&owner(&multi, 1)), here), "owner");
    // An owner has everything by ownership, also with the least of roles.
    let lowly = Member { owner: true, ..member(&partner, 1, "read_only") };
    let because = decide("services.lock", Some(&lowly), place(&partner, Account::Active, 0));
    assert_eq!(because, Decision::Allow(Because::Owner));
    let idle = Member { confirmed: false, ..lowly };
    let why = decide("services.lock", Some(&idle), place(&partner, Account::Active, 0));
    assert_eq!(why, Decision::Deny(WhyNot::RoleLacks { role: "Read Only".to_owned() }));
}

#[test]
fn an_account_out_of_use_gives_nothing_but_its_owners_the_way_back() {
    let preset = preset("partner-managed");
    let [boss, admin] = [owner(&preset, 1), member(&preset, 11, "company_admin")];
    for status in ALL_STATUSES {
        let here = place(&preset, status, 0);
        let active = status == Account::Active;
        let allowed = |permission, member| decide(permission, Some(member), here).is_allowed();
        for member in [&boss, &admin] {
            assert_eq!(allowed("services.create", member), active, "{status:?}");
            assert_eq!(allowed("children.create", member), active, "{status:?}");
            assert_eq!(allowed("settings.manage", member), active, "{status:?}");
            assert!(allowed("members.view", member), "{status:?}");
        }
        assert_eq!(allowed("members.manage", &admin), status.is_in_use(), "{status:?}");
        assert_eq!(allowed("members.manage", &boss), status != Account::Closed, "{status:?}");
        assert_eq!(allowed("account.suspend", &boss), status != Account::Closed, "{status:?}");
        assert_eq!(allowed("owners.manage", &boss), active, "{status:?}");
    }
}

#[test]
fn a_parent_has_three_permissions_and_no_more() {
    let preset = preset("account-and-customers");
    let [boss, admin, plain] = [owner(&preset, 1), member(&preset, 11, "administrator"), member(&preset, 31, "user")];
    let parent = place(&preset, Account::Active, 0);
    for member in [&boss, &admin] {
        assert_eq!(onboarder(Some(member), parent, Account::Active), Ok(Rights::Onboarder));
    }
    assert!(matches!(onboarder(Some(&plain), parent, Account::Active), Err(WhyNot::RoleLacks { .. })));
    assert_eq!(onboarder(None, parent, Account::Active), Err(WhyNot::NotAMember));
    for status in ALL_STATUSES {
        let child = onboarder(Some(&boss), parent, status);
        assert_eq!(child.is_ok(), status.is_in_use(), "{status:?}");
        let above = onboarder(Some(&boss), place(&preset, status, 0), Account::Active);
        assert_eq!(above.is_ok(), status == Account::Active, "{status:?}");
    }
    // In the child itself the parent's owner is nobody.
    let child = place(&preset, Account::Active, 1);
    for permission in preset.permissions.keys().map(String::as_str).chain(Permission::ALL.map(Permission::name)) {
        assert_eq!(decide(permission, None, child), Decision::Deny(WhyNot::NotAMember), "{permission}");
    }
}

/// Whoever is told that they may manage or delete members may; whoever is told that they may not is refused.
#[test]
fn a_decision_says_what_the_act_does() {
    for preset in presets().all() {
        let target = member(preset, 99, &preset.roles.last().unwrap().name);
        let mut actors: Vec<Member> = preset.roles.iter().map(|role| member(preset, 31, &role.name)).collect();
        actors.push(owner(preset, 1));
        for actor in &actors {
            for status in ALL_STATUSES {
                let rights = rights(preset, actor);
                let asked = Asked {
                    rights: &rights,
                    actor: Some(actor.user),
                    target: &target,
                    account: status,
                    nominated: None,
                };
                for (permission, act) in [("members.manage", Act::Suspend), ("members.delete", Act::Remove)] {
                    let said = decide(permission, Some(actor), place(preset, status, 0)).is_allowed();
                    let done = decide_member(asked, act);
                    assert_eq!(said, done.is_ok(), "{permission} {} {status:?}: {done:?}", actor.role);
                }
            }
        }
    }
}

#[test]
fn reasons_are_sentences() {
    let refusal = WhyNot::Account(Refusal::AccountSuspended);
    assert_eq!(refusal.to_string(), Refusal::AccountSuspended.to_string());
    assert_eq!(refusal.code(), "account_suspended");
    assert_eq!(Because::Role { role: "Finance".to_owned() }.to_string(), "their role `Finance` has this permission");
}

/// Whoever is told that somebody may manage something is told the truth: the use cases let the same people do it.
#[test]
fn the_decision_is_what_the_use_cases_do() {
    type Use = fn(&Rights, &Preset) -> Result<(), Refusal>;
    let uses: [(Permission, Use); 3] = [
        (Permission::SettingsManage, Rights::may_configure),
        (Permission::MembersManage, |rights, _| rights.may_manage()),
        (Permission::MembersDelete, |rights, _| rights.may_delete()),
    ];
    for preset in presets().all() {
        let people = preset.roles.iter().map(|role| member(preset, 11, &role.name)).chain([owner(preset, 1)]);
        for person in people {
            let rights = Rights::of(&person, preset).unwrap();
            for (permission, may) in uses {
                let told = decide(permission.name(), Some(&person), place(preset, Account::Active, 0)).is_allowed();
                assert_eq!(may(&rights, preset).is_ok(), told, "{} {}: {permission:?}", preset.name, person.role);
            }
        }
    }
    // Where only owners do it, the refusal says so; elsewhere it names what is missing.
    let refusal = |name: &str, role: &str| {
        let preset = preset(name);
        Rights::of(&member(&preset, 11, role), &preset).unwrap().may_configure(&preset)
    };
    let lacks = Err(Refusal::LacksPermission { permission: "settings.manage" });
    assert_eq!(refusal("single-owner", "administrator"), Ok(()));
    assert_eq!(refusal("single-owner", "user"), lacks);
    assert_eq!(refusal("multi-owner", "administrator"), Err(Refusal::OwnersOnly));
    assert_eq!(refusal("partner-managed", "company_admin"), Ok(()));
    assert_eq!(refusal("partner-managed", "finance"), lacks);
}
