//! Granting and revoking ownership, and the primary owner.

use quorate::{
    ownership::{
        account::Status as Account,
        member::{Member, Status},
        owner::{Around, Outcome, grant, pass_primary, primary, primary_recovered, revoke},
        preset::PrimaryOwner,
        refusal::Refusal,
        rights::Rights,
    },
    recovery::policy::OwnersAllowed,
};

use super::fixtures::*;

#[test]
fn who_grants_to_whom() {
    let preset = preset("account-and-customers");
    let owners = [owner(&preset, 1)];
    let [usual, no_console] = [role(&preset, "user"), role(&preset, "no_console")];
    let target = member(&preset, 31, "user");
    let around = around(&owners);
    let ask = |target: &Member, around| grant(&Rights::Owner, proof(), target, &usual, around);
    assert_eq!(ask(&target, around), Ok(Outcome::Changed));
    assert_eq!(ask(&owners[0], around), Ok(Outcome::AlreadySo));
    for status in [Status::Invited, Status::Suspended] {
        assert_eq!(ask(&Member { status, ..target.clone() }, around), Err(Refusal::NotActiveMember));
    }
    assert_eq!(ask(&Member { confirmed: false, ..target.clone() }, around), Err(Refusal::NotActiveMember));
    let without = grant(&Rights::Owner, proof(), &target, &no_console, around);
    assert_eq!(without, Err(Refusal::OwnerNeedsAccess));
    assert_eq!(ask(&target, Around { allowed: OwnersAllowed::One, ..around }), Err(Refusal::OneOwnerOnly));
    assert_eq!(ask(&target, Around { open_case: Some(case()), ..around }), Err(Refusal::CaseOpen { case: case() }));
    for status in ALL_STATUSES {
        assert_eq!(ask(&target, Around { status, ..around }).is_ok(), status == Account::Active, "{status:?}");
    }
    let administrator = rights(&preset, &member(&preset, 11, "administrator"));
    for rights in [administrator, Rights::platform(&preset), Rights::Onboarder, Rights::None] {
        assert_eq!(grant(&rights, proof(), &target, &usual, around), Err(Refusal::OwnersOnly));
        assert_eq!(revoke(&rights, proof(), user(1), around), Err(Refusal::OwnersOnly));
    }
}

#[test]
fn the_last_effective_owner_stays() {
    let preset = preset("recommended");
    let two = [owner(&preset, 1), owner(&preset, 2)];
    assert_eq!(revoke(&Rights::Owner, proof(), user(1), around(&two)), Ok(Outcome::Changed));
    assert_eq!(revoke(&Rights::Owner, proof(), user(9), around(&two)), Ok(Outcome::AlreadySo));
    assert_eq!(revoke(&Rights::Owner, proof(), user(1), around(&two[..1])), Err(Refusal::LastOwner));
    for other in [
        Member { confirmed: false, ..two[1].clone() },
        Member { status: Status::Invited, ..two[1].clone() },
        Member { status: Status::Suspended, ..two[1].clone() },
    ] {
        let owners = [two[0].clone(), other];
        assert_eq!(revoke(&Rights::Owner, proof(), user(1), around(&owners)), Err(Refusal::LastOwner));
        assert_eq!(revoke(&Rights::Owner, proof(), user(2), around(&owners)), Ok(Outcome::Changed));
    }
    let during = Around { open_case: Some(case()), ..around(&two) };
    assert_eq!(revoke(&Rights::Owner, proof(), user(1), during), Err(Refusal::CaseOpen { case: case() }));
}

#[test]
fn the_primary_owner_follows_ownership() {
    let preset = preset("multi-owner");
    let [first, second, third] = [1, 2, 3].map(|number| owner(&preset, number));
    let idle = Member { confirmed: false, ..second.clone() };
    let rule = PrimaryOwner::One;
    let all = [first, second, third.clone()];
    // Whoever is it stays it.
    assert_eq!(primary(rule, Some(user(3)), &all), Some(user(3)));
    // After them comes whoever has owned longest among those who can act.
    assert_eq!(primary(rule, Some(user(9)), &all), Some(user(1)));
    assert_eq!(primary(rule, Some(user(1)), &all[1..]), Some(user(2)));
    assert_eq!(primary(rule, Some(user(1)), &[idle.clone(), third]), Some(user(3)));
    assert_eq!(primary(rule, None, &[idle]), Some(user(2)));
    assert_eq!(primary(PrimaryOwner::None, Some(user(1)), &all), None);
    assert_eq!(primary_recovered(rule, user(31)), Some(user(31)));
    assert_eq!(primary_recovered(PrimaryOwner::None, user(31)), None);

    let pass = |actor, to, around| pass_primary(&Rights::Owner, proof(), user(actor), Some(user(1)), user(to), around);
    assert_eq!(pass(1, 2, around(&all)), Ok(Outcome::Changed));
    assert_eq!(pass(1, 1, around(&all)), Ok(Outcome::AlreadySo));
    assert_eq!(pass(2, 2, around(&all)), Err(Refusal::PrimaryOwnerOnly));
    assert_eq!(pass(1, 9, around(&all)), Err(Refusal::NotAnOwner));
    let during = Around { open_case: Some(case()), ..around(&all) };
    assert_eq!(pass(1, 2, during), Err(Refusal::CaseOpen { case: case() }));
}
