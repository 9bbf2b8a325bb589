//! Who may ask whether somebody has a permission, and what they hear of people and accounts that they may not know of.

use quorate::ownership::{
    access::{Decision, Place, WhyNot, decide},
    account::Status as Account,
    inquiry::{Asker, Found, answer},
    permission::Permission,
    refusal::Refusal,
};

use super::fixtures::*;

#[test]
fn a_token_hears_the_decision_or_what_there_is_not() {
    let preset = preset("partner-managed");
    let place = Place { preset: &preset, status: Account::Active, depth: 0 };
    let finance = member(&preset, 31, "finance");
    let whole = Found { subject: Some(finance.user), member: Some(&finance), place: Some(place) };
    for permission in ["services.create", "services.lock", "services.dance", "account.close"] {
        let decided = decide(permission, Some(&finance), place);
        assert_eq!(answer(Asker::AboutEverybody, permission, whole), Ok(decided), "{permission}");
    }
    let denied = |found| match answer(Asker::AboutEverybody, "services.create", found) {
        Ok(Decision::Deny(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(denied(Found { member: None, ..whole }), WhyNot::NotAMember);
    assert_eq!(denied(Found { member: None, place: None, ..whole }), WhyNot::UnknownResource);
    assert_eq!(denied(Found { subject: None, member: None, place: Some(place) }), WhyNot::UnknownSubject);
    assert_eq!(denied(Found { subject: None, member: None, place: None }), WhyNot::UnknownSubject);
}

/// Whatever the account is, and whether it is: who is no member hears the same for every permission.
#[test]
fn a_person_hears_nothing_of_what_is_not_theirs() {
    let me = user(31);
    let mut heard = Vec::new();
    for preset in presets().all() {
        let places = ALL_STATUSES.into_iter().map(|status| Some(Place { preset, status, depth: 0 }));
        for place in places.chain([None]) {
            let names = preset.permissions.keys().map(String::as_str).chain(Permission::ALL.map(Permission::name));
            for permission in names.chain(["dances.dance"]) {
                let found = Found { subject: Some(me), member: None, place };
                heard.push(answer(Asker::AboutThemselves(me), permission, found));
            }
        }
    }
    heard.dedup();
    assert_eq!(heard, [Ok(Decision::Deny(WhyNot::NotAMember))]);
}

#[test]
fn a_person_asks_about_themselves_only() {
    let preset = preset("single-owner");
    let place = Place { preset: &preset, status: Account::Active, depth: 0 };
    let [me, other] = [member(&preset, 31, "user"), member(&preset, 32, "user")];
    let asks = |subject, member| {
        answer(Asker::AboutThemselves(me.user), "members.manage", Found { subject, member, place: Some(place) })
    };
    assert_eq!(asks(Some(me.user), Some(&me)), Ok(decide("members.manage", Some(&me), place)));
    // It is the same whether or not there is such a person.
    for refused in [asks(Some(other.user), Some(&other)), asks(Some(other.user), None), asks(None, None)] {
        assert_eq!(refused, Err(Refusal::AboutYourselfOnly));
    }
}
