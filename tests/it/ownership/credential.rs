//! What a password is worth, by what stood behind it: the table, and that no play with a mailbox alone gets anywhere.

use jiff::SignedDuration;
use proptest::prelude::*;
use quorate::{
    id::CredentialId,
    moment::Moment,
    ownership::{
        credential::{
            CLAIMED_FOR, FIRST_DAY, Held, History, MOST_PASSWORDS, Person, Proof, ProvenBy, Refusal, enrolled, remove,
            replaced, watchers,
        },
        member::{Member, Status},
    },
};
use uuid::Uuid;

use super::fixtures::{START, TICK, hours, member, owner, preset, user};
use crate::recovery::properties::rounds;

fn id(number: u128) -> CredentialId {
    CredentialId::from_uuid(Uuid::from_u128(number))
}

fn by(number: u128, mail_since: Option<Moment>) -> ProvenBy {
    ProvenBy::Credential { id: id(number), mail_since }
}

fn person(confirmed_at: Moment, history: History) -> Person {
    Person { confirmed_at: Some(confirmed_at), history }
}

/// Somebody who confirmed their address long ago.
fn settled() -> Person {
    person(START.before(hours(24 * 365)), History::Later)
}

fn held(number: u128, enrolled_at: Moment, mail_since: Option<Moment>) -> Held {
    Held { id: id(number), enrolled_at, mail_since, ends_at: None }
}

#[test]
fn a_mailed_code_leaves_its_mark() {
    let proof = Proof::by_code(START);
    let day_ago = START.before(FIRST_DAY);
    for (person, claim) in [
        (settled(), Some(START)),
        (Person { confirmed_at: None, history: History::First }, Some(START)),
        // The first day, and the first credential: nobody knows better who the person is.
        (person(START, History::First), None),
        (person(day_ago.after(TICK), History::First), None),
        (person(day_ago, History::First), Some(START)),
        // A second one on the first day: whoever has the first one is the person.
        (person(START, History::Later), Some(START)),
    ] {
        assert_eq!(enrolled(proof, person, START), claim, "{person:?}");
    }
}

#[test]
fn a_credential_hands_its_claim_on() {
    let since = START.before(CLAIMED_FOR);
    for (mail_since, claim) in [
        (None, None),
        (Some(START), Some(START)),
        (Some(since.after(TICK)), Some(since.after(TICK))),
        // After fourteen days it is theirs.
        (Some(since), None),
    ] {
        for person in [settled(), person(START, History::Later)] {
            let proof = Proof { at: START, by: by(1, mail_since) };
            assert_eq!(enrolled(proof, person, START), claim, "{mail_since:?}");
        }
    }
}

#[test]
fn what_was_there_before_ends_at_once_only_for_who_showed_more_than_mail() {
    let earlier = START.before(hours(48));
    let later = START.after(CLAIMED_FOR);
    let all = [held(3, START.before(hours(1)), Some(START.before(hours(1)))), held(1, earlier, None)];
    assert_eq!(replaced(None, &all, START), [(id(3), START), (id(1), START)]);
    assert_eq!(replaced(Some(START), &all, START), [(id(3), later), (id(1), later)]);
    // The claim of the password itself, or an older one: what is younger ends.
    assert_eq!(replaced(all[0].mail_since, &all, START), [(id(3), START), (id(1), later)]);
    assert_eq!(replaced(Some(earlier), &all, START), [(id(3), START), (id(1), later)]);
    // Nothing works longer than was said.
    let soon = Held { ends_at: Some(START.after(hours(5))), ..all[1] };
    assert_eq!(replaced(Some(START), &[soon], START), []);
    assert_eq!(replaced(None, &[soon], START), [(id(1), START)]);
    assert_eq!(replaced(Some(START), &[], START), []);
}

#[test]
fn the_youngest_claim_by_mail_gives_way_to_a_fourth_password() {
    let ago = |number| START.before(hours(number));
    let late = START.after(CLAIMED_FOR);
    let mut all = [held(1, ago(90), None), held(2, ago(50), Some(ago(50))), held(3, ago(20), Some(ago(20)))];
    for round in 0..3 {
        all.rotate_left(round);
        let mut ends = replaced(Some(START), &all, START);
        ends.sort();
        assert_eq!(ends, [(id(1), late), (id(2), late), (id(3), START)], "in whatever order they come");
    }
    // What was claimed so long ago that it is theirs does not give way.
    let old = ago(24 * 20);
    let all = [held(1, old, Some(old)), held(2, ago(50), Some(ago(50))), held(3, ago(20), Some(ago(20)))];
    assert!(replaced(Some(START), &all, START).contains(&(id(3), START)));
}

#[test]
fn mail_alone_removes_nothing() {
    let since = START.before(hours(24));
    let (own, mailed) = (held(1, since, None), held(2, since, Some(since)));
    let shown = |by| Proof { at: START, by };
    let by_code = Proof::by_code(START);
    assert_eq!(remove(by_code, &[own], START), Err(Refusal::NeedsCredential { from: None }));
    assert_eq!(remove(by_code, &[mailed], START), Err(Refusal::NeedsCredential { from: None }));
    assert_eq!(remove(by_code, &[], START), Ok(()), "there is nothing to remove");
    assert_eq!(remove(shown(by(1, None)), &[own, mailed], START), Ok(()));
    let young = shown(by(2, Some(since)));
    let from = Some(since.after(CLAIMED_FOR));
    assert_eq!(remove(young, &[own, mailed], START), Err(Refusal::NeedsCredential { from }));
    assert_eq!(remove(young, &[mailed], START), Ok(()), "their own");
    assert_eq!(remove(young, &[own, mailed], since.after(CLAIMED_FOR)), Ok(()));
    let older = held(3, since.before(hours(1)), Some(since.before(hours(1))));
    assert_eq!(remove(young, &[older, mailed], START), Err(Refusal::NeedsCredential { from }));
}

#[test]
fn somebody_else_watches_over_each() {
    let preset = preset("recommended");
    let admins = [11, 12].map(|number| member(&preset, number, "administrator"));
    let (owner, other) = (owner(&preset, 1), owner(&preset, 2));
    let all = |owners: &[&Member]| owners.iter().copied().chain(&admins).cloned().collect::<Vec<_>>();
    let of = |whose: u128, members: &[Member]| watchers(user(whose), members).into_iter().collect::<Vec<_>>();
    assert_eq!(of(1, &all(&[&owner, &other])), [user(2)], "the other owner");
    assert_eq!(of(11, &all(&[&owner, &other])), [user(1), user(2)], "an administrator's: the owners");
    assert_eq!(of(1, &all(&[&owner])), [user(11), user(12)], "where there is no other owner: administrators");
    let away = Member { status: Status::Suspended, ..other };
    assert_eq!(of(1, &all(&[&owner, &away])), [user(2), user(11), user(12)], "where none can act: they too");
    assert_eq!(of(11, &all(&[&away])), [user(2), user(12)]);
    let invited = Member { status: Status::Invited, ..admins[1].clone() };
    assert_eq!(of(1, &[owner, admins[0].clone(), invited]), [user(11)], "only who can act");
}

#[test]
fn refusals_name_the_way_out() {
    for (from, words) in [
        (None, "show with your password or a passkey that it is you"),
        (Some(START), "wait until then, or show with what is older"),
    ] {
        let refusal = Refusal::NeedsCredential { from };
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert_eq!(refusal.code(), "needs_credential");
    }
}

/// What somebody does who reads the person's mailbox and has nothing else.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// Sets a password with a mailed code.
    SetByCode,
    /// Sets one with a password that they set before.
    SetByOwn(usize),
    /// Removes all, with a password that they set before.
    Remove(usize),
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![Just(Move::SetByCode), (0..20_usize).prop_map(Move::SetByOwn), (0..20_usize).prop_map(Move::Remove)]
}

proptest! {
    #![proptest_config(rounds())]

    /// However often they set passwords with one another: for fourteen days the person's own one works, and nothing of
    /// theirs counts for more than mail.
    #[test]
    fn a_mailbox_alone_ends_nothing_and_launders_nothing_for_fourteen_days(
        moves in prop::collection::vec((moves(), 1..30_i64), 1..30)
    ) {
        let own = held(0, START.before(hours(1000)), None);
        let (mut all, mut theirs) = (vec![own], Vec::<Held>::new());
        let mut now = START;
        let mut first = None;
        for (number, (step, wait)) in (1_u128..).zip(moves) {
            now = now.after(hours(wait));
            all.retain(|one| one.ends_at.is_none_or(|end| end > now));
            let chosen = |place: usize| {
                let working: Vec<Held> =
                    theirs.iter().filter(|one| all.iter().any(|other| other.id == one.id)).copied().collect();
                working.get(place % working.len().max(1)).copied()
            };
            let proof = match step {
                Move::SetByCode => Proof::by_code(now),
                Move::SetByOwn(place) | Move::Remove(place) => {
                    let Some(one) = chosen(place) else { continue };
                    Proof { at: now, by: ProvenBy::Credential { id: one.id, mail_since: one.mail_since } }
                }
            };
            let since = *first.get_or_insert(now);
            if now >= since.after(CLAIMED_FOR) {
                break;
            }
            if let Move::Remove(_) = step {
                prop_assert!(remove(proof, &all, now).is_err(), "the person's own password is among them");
                continue;
            }
            let claim = enrolled(proof, settled(), now);
            prop_assert!(claim.is_some(), "it counts for no more than mail");
            for (id, end) in replaced(claim, &all, now) {
                let one = all.iter_mut().find(|one| one.id == id).unwrap();
                prop_assert!(one.ends_at.is_none_or(|before| end <= before), "nothing works longer than was said");
                one.ends_at = Some(end);
            }
            all.retain(|one| one.ends_at.is_none_or(|end| end > now));
            let new = held(number, now, claim);
            all.push(new);
            theirs.push(new);
            prop_assert!(all.len() <= MOST_PASSWORDS);
            let still = all.iter().find(|one| one.id == own.id);
            prop_assert!(still.is_some_and(|one| one.ends_at.is_none_or(|end| end >= since.after(CLAIMED_FOR))));
            // And with it they are rid of all the others at once.
            let back = replaced(enrolled(Proof { at: now, by: by(0, None) }, settled(), now), &all, now);
            prop_assert!(back.len() == all.len() && back.iter().all(|(_, end)| *end == now));
        }
    }
}

#[test]
fn the_first_moves_are_as_long_ago_as_they_say() {
    assert_eq!((CLAIMED_FOR, FIRST_DAY), (SignedDuration::from_hours(336), SignedDuration::from_hours(24)));
}
