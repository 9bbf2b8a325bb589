//! What counts as fresh proof, in which accounts and cases, and from when.

use jiff::SignedDuration;
use quorate::{
    id::CredentialId,
    moment::Moment,
    ownership::credential::{CLAIMED_FOR, Proof, ProvenBy},
    recovery::{
        proof::{FRESH_FOR, FreshProof, Holds, Shown, TOLD_FOR, Told, at_best},
        refusal::Refusal,
    },
};
use uuid::Uuid;

use super::fixtures::{START, TICK, hours};
use crate::harness::proof::shown;

/// Set with a mailed code alone at [`START`], and shown then.
fn mailed(at: Moment) -> Proof {
    Proof { at, by: by_mail(1, START) }
}

fn by_mail(number: u128, mail_since: Moment) -> ProvenBy {
    ProvenBy::Credential { id: CredentialId::from_uuid(Uuid::from_u128(number)), mail_since: Some(mail_since) }
}

fn of(proof: Proof, told: Told, now: Moment) -> Result<FreshProof, Refusal> {
    FreshProof::of(Some(proof), told, now)
}

#[test]
fn a_mailed_code_is_no_proof_and_shows_enough_to_enrol() {
    let code = Proof::by_code(START);
    assert_eq!(of(code, Told::All { last: START }, START), Err(Refusal::NeedsCredential));
    assert_eq!(Shown::of(Some(code), START).unwrap().proof(), code);
    // Too old is too old, whatever it was.
    let late = START.after(FRESH_FOR).after(TICK);
    assert_eq!(of(code, Told::NotAll, late), Err(Refusal::NeedsFreshProof));
    assert_eq!(Shown::of(Some(code), late), Err(Refusal::NeedsFreshProof));
}

#[test]
fn what_never_needed_mail_counts_at_once_and_everywhere() {
    let fresh = of(shown(START), Told::NotAll, START).unwrap();
    assert_eq!(fresh.in_case(START.before(hours(1000))), Ok(()));
}

#[test]
fn what_mail_alone_stands_behind_counts_a_week_after_everybody_was_told() {
    for last in [START, later(1), later(24 * 6)] {
        let (told, from) = (Told::All { last }, last.after(TOLD_FOR));
        let early = from.before(TICK);
        assert_eq!(of(mailed(early), told, early), Err(Refusal::CredentialTooNew { from }));
        let fresh = of(mailed(from), told, from).unwrap();
        assert_eq!(fresh.in_case(from), Ok(()));
        assert_eq!(fresh.in_case(early), Err(Refusal::CredentialNewerThanCase { from }));
    }
}

#[test]
fn whoever_cannot_be_told_holds_it_up_for_two_weeks() {
    let from = START.after(CLAIMED_FOR);
    // Somebody who was told late holds it up no longer than somebody who never was.
    for told in [Told::NotAll, Told::All { last: later(24 * 8) }] {
        let early = from.before(TICK);
        assert_eq!(of(mailed(early), told, early), Err(Refusal::CredentialTooNew { from }));
        assert!(of(mailed(from), told, from).is_ok());
    }
}

#[test]
fn the_best_of_what_somebody_has_is_looked_at() {
    let good = shown(START).by;
    let now = later(1);
    assert_eq!(at_best([], now), Err(Refusal::NeedsCredential));
    let young = [(by_mail(1, now), Told::NotAll), (by_mail(2, START), Told::NotAll)];
    assert_eq!(at_best(young, now), Err(Refusal::CredentialTooNew { from: START.after(CLAIMED_FOR) }));
    assert_eq!(at_best([young[0], (good, Told::NotAll)], now), of(shown(now), Told::NotAll, now));
}

#[test]
fn what_concerns_somebody_alone_takes_the_best_that_they_have() {
    let alone = |proof, holds, now| Shown::of_themselves(Some(proof), holds, now).map(Shown::proof);
    let code = Proof::by_code(START);
    assert_eq!(alone(code, Holds::MailboxOnly, START), Ok(code));
    assert_eq!(alone(code, Holds::Credential, START), Err(Refusal::NeedsCredential));
    assert_eq!(alone(shown(START), Holds::Credential, START), Ok(shown(START)));
    let from = START.after(CLAIMED_FOR);
    assert_eq!(alone(mailed(START), Holds::Credential, START), Err(Refusal::CredentialTooNew { from }));
    let stale = START.after(SignedDuration::from_mins(6));
    assert_eq!(alone(code, Holds::MailboxOnly, stale), Err(Refusal::NeedsFreshProof));
}

fn later(hour: i64) -> Moment {
    START.after(hours(hour))
}
