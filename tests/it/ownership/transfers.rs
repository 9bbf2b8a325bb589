//! Transfers: offering, answering, taking back, and everything that is looked at again at the end.

use quorate::{
    id::TransferId,
    ownership::{
        account::Status as Account,
        member::{Member, Status},
        owner::Around,
        preset::{Preset, PrimaryOwner},
        refusal::Refusal,
        rights::Rights,
        transfer::{Answered, Cancelled, Offer, State, Transfer, accept, cancel, decline, offer},
    },
    recovery::policy::OwnersAllowed,
};
use uuid::Uuid;

use super::fixtures::*;

fn transfer_id(number: u128) -> TransferId {
    TransferId::from_uuid(Uuid::from_u128(number))
}

/// The owner offers to member 31; they have 72 hours.
fn pending() -> Transfer {
    let expires_at = START.after(hours(72));
    Transfer { id: transfer_id(5), from: user(1), to: user(31), offered_at: START, expires_at, state: State::Pending }
}

fn scene() -> (Preset, [Member; 1], Member) {
    let preset = preset("single-owner");
    let (owners, to) = ([owner(&preset, 1)], member(&preset, 31, "user"));
    (preset, owners, to)
}

#[test]
fn who_offers_to_whom() {
    let (preset, owners, to) = scene();
    let plain = role(&preset, "user");
    let ask = |rights: &Rights, to: &Member, latest: Option<&Transfer>, around: Around<'_>| {
        let asked = Offer { id: transfer_id(5), from: user(1), rights, to, role: &plain };
        offer(asked, proof(), latest, around, hours(72), START)
    };
    let one = Around { allowed: OwnersAllowed::One, ..around(&owners) };
    assert_eq!(ask(&Rights::Owner, &to, None, one), Ok(pending()));
    assert_eq!(ask(&Rights::Owner, &to, None, around(&owners)), Ok(pending()));
    for rights in [rights(&preset, &member(&preset, 11, "administrator")), Rights::platform(&preset), Rights::None] {
        assert_eq!(ask(&rights, &to, None, one), Err(Refusal::OwnersOnly));
    }
    let during = Around { open_case: Some(case()), ..one };
    assert_eq!(ask(&Rights::Owner, &to, None, during), Err(Refusal::CaseOpen { case: case() }));
    for status in ALL_STATUSES {
        let asked = ask(&Rights::Owner, &to, None, Around { status, ..one });
        assert_eq!(asked.is_ok(), status == Account::Active, "{status:?}");
    }
    assert_eq!(ask(&Rights::Owner, &owners[0], None, one), Err(Refusal::AlreadyOwner));
    for unfit in [Member { status: Status::Invited, ..to.clone() }, Member { confirmed: false, ..to.clone() }] {
        assert_eq!(ask(&Rights::Owner, &unfit, None, one), Err(Refusal::NotActiveMember));
    }
    // One at a time; one that time or a change of owners has ended is no obstacle, also when nobody wrote that down.
    let other = Transfer { id: transfer_id(4), ..pending() };
    let taken = ask(&Rights::Owner, &to, Some(&other), one);
    assert_eq!(taken, Err(Refusal::TransferPending { transfer: transfer_id(4) }));
    for ended in [
        Transfer { expires_at: START, ..other },
        Transfer { from: user(9), ..other },
        Transfer { state: State::Declined { at: START }, ..other },
    ] {
        assert_eq!(ask(&Rights::Owner, &to, Some(&ended), one), Ok(pending()));
    }
}

#[test]
fn everything_is_looked_at_again_when_it_is_accepted() {
    let (preset, owners, to) = scene();
    let plain = role(&preset, "user");
    let one = Around { allowed: OwnersAllowed::One, ..around(&owners) };
    let ask = |transfer: &Transfer, actor, to: &Member, around, now| {
        accept(transfer, proof(), &Member { user: user(actor), ..to.clone() }, &plain, around, now)
    };
    let late = pending().expires_at;
    let accepted = Ok(Answered::Becomes(State::Accepted { at: LATER }));
    assert_eq!(ask(&pending(), 31, &to, one, LATER), accepted);
    let in_time = late.before(TICK);
    assert_eq!(ask(&pending(), 31, &to, one, in_time), Ok(Answered::Becomes(State::Accepted { at: in_time })));
    let ended = |state| Err(Refusal::TransferEnded { state });
    assert_eq!(ask(&pending(), 31, &to, one, late), ended("expired"));
    for stranger in [1, 11, 32] {
        assert_eq!(ask(&pending(), stranger, &to, one, LATER), Err(Refusal::TransferNotYours));
    }
    let during = Around { open_case: Some(case()), ..one };
    assert_eq!(ask(&pending(), 31, &to, during, LATER), Err(Refusal::CaseOpen { case: case() }));
    assert_eq!(
        ask(&pending(), 31, &to, Around { status: Account::Suspended, ..one }, LATER),
        Err(Refusal::AccountSuspended)
    );
    let suspended = Member { status: Status::Suspended, ..to.clone() };
    assert_eq!(ask(&pending(), 31, &suspended, one, LATER), Err(Refusal::NotActiveMember));
    // Whoever offered is no owner any more; or the member is one already.
    let other = [owner(&preset, 2)];
    assert_eq!(ask(&pending(), 31, &to, around(&other), LATER), ended("cancelled"));
    let both = [owners[0].clone(), owner(&preset, 31)];
    assert_eq!(ask(&pending(), 31, &both[1], around(&both), LATER), ended("cancelled"));
    // Again: nothing changes, and what has ended stays so.
    let done = Transfer { state: State::Accepted { at: LATER }, ..pending() };
    assert_eq!(ask(&done, 31, &to, one, late), Ok(Answered::AlreadySo));
    let declined = Transfer { state: State::Declined { at: LATER }, ..pending() };
    assert_eq!(ask(&declined, 31, &to, one, LATER), ended("declined"));
}

#[test]
fn it_is_declined_by_the_member_and_taken_back_by_owners() {
    let (preset, owners, _) = scene();
    let (transfer, late) = (pending(), pending().expires_at);
    let becomes = |state| Ok(Answered::Becomes(state));
    assert_eq!(decline(&transfer, user(31), &owners, LATER), becomes(State::Declined { at: LATER }));
    assert_eq!(decline(&transfer, user(1), &owners, LATER), Err(Refusal::TransferNotYours));
    assert_eq!(decline(&transfer, user(31), &owners, late), Err(Refusal::TransferEnded { state: "expired" }));
    let declined = Transfer { state: State::Declined { at: LATER }, ..transfer };
    assert_eq!(decline(&declined, user(31), &owners, late), Ok(Answered::AlreadySo));

    let back = |transfer: &Transfer, rights: &Rights, now| cancel(transfer, rights, proof(), user(1), &owners, now);
    let cancelled = State::Cancelled { at: LATER, why: Cancelled::TakenBack { by: user(1) } };
    assert_eq!(back(&transfer, &Rights::Owner, LATER), becomes(cancelled));
    assert_eq!(back(&Transfer { state: cancelled, ..transfer }, &Rights::Owner, late), Ok(Answered::AlreadySo));
    assert_eq!(back(&transfer, &Rights::Owner, late), Err(Refusal::TransferEnded { state: "expired" }));
    assert_eq!(back(&declined, &Rights::Owner, LATER), Err(Refusal::TransferEnded { state: "declined" }));
    let administrator = rights(&preset, &member(&preset, 11, "administrator"));
    assert_eq!(back(&transfer, &administrator, LATER), Err(Refusal::OwnersOnly));
}

#[test]
fn a_recovery_ends_it_and_the_primary_place_goes_with_it() {
    let recovered = pending().recovered(case(), LATER);
    assert_eq!(recovered, State::Cancelled { at: LATER, why: Cancelled::Recovered { case: case() } });
    let done = Transfer { state: State::Accepted { at: START }, ..pending() };
    assert_eq!(done.recovered(case(), LATER), done.state);
    let gone = State::Cancelled { at: LATER, why: Cancelled::MemberUnfit };
    assert_eq!((pending().member_gone(LATER), done.member_gone(LATER)), (gone, done.state));

    let preset = preset("multi-owner");
    let after = [owner(&preset, 2), owner(&preset, 31)];
    let primary = |before| pending().primary(PrimaryOwner::One, Some(user(before)), &after);
    assert_eq!(primary(1), Some(user(31)));
    assert_eq!(primary(2), Some(user(2)));
    assert_eq!(pending().primary(PrimaryOwner::None, None, &after), None);
}
