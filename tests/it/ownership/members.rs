//! Members: who may do what to whom, by permission, and the one function that protects owners.

use quorate::ownership::{
    account::Status as Account,
    member::{Act, Asked, Member, Status, accept, decide, invite},
    owner::Outcome,
    preset::Preset,
    protection::{Hand, Kept, Touch, check},
    refusal::Refusal,
    rights::Rights,
};

use super::fixtures::*;

fn answer(rights: &Rights, actor: Option<&Member>, target: &Member, act: Act<'_>) -> &'static str {
    let actor = actor.map(|actor| actor.user);
    let asked = Asked { rights, actor, target, account: Account::Active, nominated: None };
    decide(asked, act).err().map_or("", |refusal| refusal.code())
}

/// Every act, by that actor on that target.
fn answers(preset: &Preset, rights: &Rights, actor: Option<&Member>, target: &Member) -> [&'static str; 5] {
    let first = role(preset, &preset.first_role);
    [Act::ChangeRole(&first), Act::Suspend, Act::Resume, Act::Remove, Act::Leave]
        .map(|act| answer(rights, actor, target, act))
}

#[test]
fn who_does_what_to_whom() {
    const NO: [&str; 5] = [
        "may_not_manage_members",
        "may_not_manage_members",
        "may_not_manage_members",
        "may_not_delete_members",
        "only_themselves",
    ];
    const YES: [&str; 5] = ["", "", "", "", "only_themselves"];
    const PROTECTED: [&str; 5] = ["owner_protected", "owner_protected", "", "owner_protected", "only_themselves"];
    let single = preset("single-owner");
    let [boss, admin, other] =
        [owner(&single, 1), member(&single, 11, "administrator"), member(&single, 12, "administrator")];
    let plain = member(&single, 31, "user");
    let of = |member: &Member| rights(&single, member);
    assert_eq!(answers(&single, &of(&admin), Some(&admin), &other), YES);
    assert_eq!(answers(&single, &of(&admin), Some(&admin), &plain), YES);
    assert_eq!(answers(&single, &of(&admin), Some(&admin), &boss), PROTECTED);
    assert_eq!(answers(&single, &of(&boss), Some(&boss), &admin), YES);
    assert_eq!(answers(&single, &of(&plain), Some(&plain), &other), NO);
    assert_eq!(answers(&single, &Rights::None, None, &other), NO);
    assert_eq!(answers(&single, &Rights::Onboarder, Some(&plain), &other)[1..], NO[1..]);
    assert_eq!(answers(&single, &Rights::platform(&single), None, &other), YES);
    assert_eq!(answers(&single, &Rights::platform(&single), None, &boss), PROTECTED);
    // Everybody may leave but owners, who may not do this to themselves either.
    assert_eq!(answer(&of(&plain), Some(&plain), &plain, Act::Leave), "");
    let themselves = answers(&single, &of(&boss), Some(&boss), &boss);
    assert_eq!(themselves, ["", "owner_protected", "", "owner_protected", "owner_protected"]);

    // Where only owners delete others, everybody else can only leave.
    let multi = preset("multi-owner");
    let [boss, admin, plain] = [owner(&multi, 1), member(&multi, 11, "administrator"), member(&multi, 31, "user")];
    assert_eq!(answer(&rights(&multi, &admin), Some(&admin), &plain, Act::Remove), "may_not_delete_members");
    assert_eq!(answer(&Rights::platform(&multi), None, &plain, Act::Remove), "may_not_delete_members");
    assert_eq!(answer(&rights(&multi, &admin), Some(&admin), &plain, Act::Suspend), "");
    assert_eq!(answer(&rights(&multi, &boss), Some(&boss), &plain, Act::Remove), "");
    assert_eq!(answer(&rights(&multi, &plain), Some(&plain), &plain, Act::Leave), "");
}

#[test]
fn rights_come_from_role_ownership_and_status() {
    let preset = preset("account-and-customers");
    let boss = owner(&preset, 1);
    let admin = member(&preset, 11, "administrator");
    assert_eq!(Rights::of(&boss, &preset), Ok(Rights::Owner));
    assert_eq!(Rights::of(&admin, &preset), Ok(Rights::Role(role(&preset, "administrator"))));
    assert_eq!(Rights::of(&member(&preset, 31, "no_console"), &preset), Ok(Rights::None));
    let with = |status, confirmed| Member { status, confirmed, ..boss.clone() };
    assert_eq!(Rights::of(&with(Status::Invited, false), &preset), Ok(Rights::None));
    assert_eq!(Rights::of(&with(Status::Suspended, true), &preset), Err(Refusal::Suspended));
    // An owner who has not confirmed their address is not effective.
    assert_eq!(Rights::of(&with(Status::Active, false), &preset), Ok(Rights::Role(role(&preset, "administrator"))));
    // A token for an owner is no owner.
    assert_eq!(Rights::Owner.on_behalf(&preset), Rights::platform(&preset));
    assert_eq!(Rights::None.on_behalf(&preset), Rights::None);
}

#[test]
fn nobody_gives_more_than_they_have() {
    let text = include_str!("../../../src/ownership/presets/partner-managed.toml").replacen(
        "name = \"technical_contact\"\ntitle = \"Technical Contact\"\npermissions = [",
        "name = \"technical_contact\"\ntitle = \"Technical Contact\"\npermissions = [\"members.manage\", ",
        1,
    );
    let preset = Preset::parse("partner-managed", &text).unwrap();
    let contact = rights(&preset, &member(&preset, 31, "technical_contact"));
    let gives =
        |name: &str| invite(&contact, Account::Active, &role(&preset, name)).err().map(|refusal| refusal.code());
    assert_eq!(gives("company_admin"), Some("role_above_yours"));
    assert_eq!(gives("finance"), Some("role_above_yours"));
    assert_eq!(gives("technical_contact"), None);
    assert_eq!(gives("read_only"), None);
    // To themselves neither.
    let them = member(&preset, 31, "technical_contact");
    assert_eq!(
        answer(&contact, Some(&them), &them, Act::ChangeRole(&role(&preset, "company_admin"))),
        "role_above_yours"
    );
    let admin = rights(&preset, &member(&preset, 11, "company_admin"));
    for role in &preset.roles {
        assert_eq!(invite(&admin, Account::Active, role), Ok(()), "{}", role.name);
        let onboards = invite(&Rights::Onboarder, Account::Active, role);
        let plain = !["company_admin", "technical_contact"].contains(&role.name.as_str());
        assert_eq!(onboards, if plain { Ok(()) } else { Err(Refusal::OnboardsPlainRoles) }, "{}", role.name);
        assert_eq!(invite(&Rights::None, Account::Active, role), Err(Refusal::MayNotManageMembers));
    }
}

#[test]
fn an_account_out_of_use_takes_nobody_in_and_leaves_taking_away_to_owners() {
    let preset = preset("recommended");
    let [boss, admin, plain] = [owner(&preset, 1), member(&preset, 11, "administrator"), member(&preset, 31, "member")];
    let invited = Member { status: Status::Invited, ..plain.clone() };
    for status in ALL_STATUSES {
        let given = status.is_in_use();
        assert_eq!(invite(&Rights::Owner, status, &role(&preset, "member")).is_ok(), given, "{status:?}");
        assert_eq!(accept(status, &invited).is_ok(), given, "{status:?}");
        let open = status != Account::Closed;
        for (by, may) in [(&boss, open), (&admin, given)] {
            let rights = rights(&preset, by);
            let asked =
                Asked { rights: &rights, actor: Some(by.user), target: &plain, account: status, nominated: None };
            assert_eq!(decide(asked, Act::Suspend).is_ok(), may, "{status:?} by {:?}", by.role);
            assert_eq!(decide(asked, Act::Remove).is_ok(), may, "{status:?} by {:?}", by.role);
            assert_eq!(decide(asked, Act::Resume).is_ok(), given, "{status:?} by {:?}", by.role);
        }
        let own = rights(&preset, &plain);
        let leave = Asked { rights: &own, actor: Some(plain.user), target: &plain, account: status, nominated: None };
        assert_eq!(decide(leave, Act::Leave), Ok(()), "{status:?}");
    }
    assert_eq!(accept(Account::Active, &plain), Ok(Outcome::AlreadySo));
    let out = Member { status: Status::Suspended, ..plain };
    assert_eq!(accept(Account::Active, &out), Err(Refusal::Suspended));
    assert_eq!(answer(&Rights::Owner, Some(&boss), &invited, Act::Suspend), "not_accepted");
    assert_eq!(answer(&Rights::Owner, Some(&boss), &invited, Act::Remove), "");
}

#[test]
fn the_nominee_of_a_quorum_keeps_their_place() {
    let preset = preset("account-and-customers");
    let [boss, admin, nominee] = [owner(&preset, 1), member(&preset, 11, "administrator"), member(&preset, 31, "user")];
    let no_console = role(&preset, "no_console");
    let user = role(&preset, "user");
    for (act, by_admin, by_owner) in [
        (Act::Suspend, "nominee_protected", ""),
        (Act::Remove, "nominee_protected", ""),
        (Act::ChangeRole(&no_console), "nominee_protected", ""),
        (Act::ChangeRole(&user), "", ""),
        (Act::Resume, "", ""),
    ] {
        for (by, expected) in [(&admin, by_admin), (&boss, by_owner)] {
            let rights = rights(&preset, by);
            let nominated = Some(case());
            let asked =
                Asked { rights: &rights, actor: Some(by.user), target: &nominee, account: Account::Active, nominated };
            let code = decide(asked, act).err().map_or("", |refusal| refusal.code());
            assert_eq!(code, expected, "{act:?} by {}", by.role);
        }
    }
}

#[test]
fn an_owner_is_protected_at_every_door() {
    let preset = preset("account-and-customers");
    let [boss, plain] = [owner(&preset, 1), member(&preset, 31, "user")];
    let [user, no_console] = [role(&preset, "user"), role(&preset, "no_console")];
    let second = [boss.clone(), owner(&preset, 2)];
    let alone = [boss.clone(), Member { confirmed: false, ..owner(&preset, 2) }];
    let protected = |kept| Err(Refusal::OwnerProtected { kept });
    // By themselves, by another owner, by anybody else.
    let rows: [(Touch<'_>, [Result<(), Refusal>; 3]); 9] = [
        (Touch::Suspend, [Kept::Access; 3].map(protected)),
        (Touch::ChangeEmail, [Kept::Email; 3].map(protected)),
        (Touch::Delete, [Kept::Place; 3].map(protected)),
        (Touch::Leave, [Kept::Place; 3].map(protected)),
        (Touch::GiveRole(&no_console), [Kept::Role; 3].map(protected)),
        (Touch::GiveRole(&user), [Ok(()), Ok(()), protected(Kept::Role)]),
        (Touch::ChangeCredentials, [Ok(()), protected(Kept::Credentials), protected(Kept::Credentials)]),
        (Touch::EndOwnership { owners: &second }, [Ok(()), Ok(()), Ok(())]),
        (Touch::EndOwnership { owners: &alone }, [const { Err(Refusal::LastOwner) }; 3]),
    ];
    for (touch, expected) in rows {
        for (hand, expected) in [Hand::Their, Hand::Owner, Hand::Else].into_iter().zip(expected) {
            let answer = check(&boss, touch, hand);
            if let Err(refusal @ Refusal::OwnerProtected { .. }) = &answer {
                let sentence = refusal.to_string();
                assert!(sentence.contains("revoke their ownership, make the change, then grant it back"), "{sentence}");
            }
            assert_eq!(answer, expected, "{touch:?} by {hand:?}");
            // Nobody else is protected by this.
            assert_eq!(check(&plain, touch, hand), Ok(()), "{touch:?} by {hand:?}");
        }
    }
}
