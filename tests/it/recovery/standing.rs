//! Standing, as a table: what an addition or a removal makes of the electorate, by whom it comes, and when.

use quorate::{
    id::UserId,
    moment::Moment,
    recovery::{
        action::Action,
        ballot::Choice,
        open::{Account, open},
        roster::{Added, Authority, Confirmed, Joined, Removed, Roster},
        standing::NoStanding,
    },
};

use super::fixtures::*;

/// One thing that happens to the roster.
#[derive(Debug, Clone, Copy)]
enum Happens {
    Add(Authority),
    Invite(Authority),
    Join,
    Remove(Authority),
    Contest(u128),
    Confirm(u128),
}

use Authority::{Founding, Other, Outside, Owner, Themselves};
use Happens::{Add, Confirm, Contest, Invite, Join, Remove};

fn mallory() -> Authority {
    Other(user(11))
}

/// Owner 1; 11 to 15 have standing; 16 is the one to whom it happens when somebody is added, 15 when removed.
fn after(story: &[Happens], now: Moment) -> (Account, UserId) {
    let mut account = account([1], &users(11..16));
    let subject = if matches!(story[0], Remove(_)) { user(15) } else { user(16) };
    for happens in story {
        happen(&mut account.roster, subject, *happens, now);
    }
    (account, subject)
}

fn happen(roster: &mut Roster, subject: UserId, happens: Happens, now: Moment) {
    let owners = users([1]);
    let at = at(now, &owners);
    match happens {
        Add(by) => {
            roster.add(subject, Joined::Yes, by, change(1), at);
        }
        Invite(by) => {
            roster.add(subject, Joined::NotYet, by, change(1), at);
        }
        Join => roster.join(subject),
        Remove(by) => {
            roster.remove(subject, by, change(2), at);
        }
        Contest(by) => {
            roster.contest(change(2), user(by), at).unwrap();
        }
        Confirm(by) => {
            let wanted = if roster.person_of(change(1)).is_some() { change(1) } else { change(2) };
            roster.confirm(wanted, user(by), at).unwrap();
        }
    }
}

#[test]
fn standing_follows_changes_of_access_slowly() {
    // In the last column: whether the person counts at once, just before S, at S, and a month later.
    let table: Vec<(Vec<Happens>, &str)> = vec![
        (vec![Add(Founding)], "yyyy"),
        (vec![Invite(Founding)], "nnnn"),
        (vec![Invite(Founding), Join], "yyyy"),
        (vec![Add(Owner)], "nnyy"),
        (vec![Invite(Owner)], "nnnn"),
        (vec![Invite(Owner), Join], "nnyy"),
        (vec![Add(mallory())], "nnnn"),
        (vec![Add(Themselves)], "nnnn"),
        (vec![Add(Outside)], "nnnn"),
        (vec![Add(mallory()), Confirm(1)], "nnyy"),
        (vec![Invite(mallory()), Confirm(1)], "nnnn"),
        (vec![Add(mallory()), Confirm(12)], "nnnn"),
        (vec![Add(mallory()), Confirm(12), Confirm(12), Confirm(11)], "nnnn"),
        (vec![Add(mallory()), Confirm(12), Confirm(13)], "nnyy"),
        (vec![Add(Outside), Confirm(12), Confirm(13)], "nnnn"),
        (vec![Add(Outside), Confirm(12), Confirm(13), Confirm(14)], "nnyy"),
        (vec![Add(mallory()), Add(Owner)], "nnyy"),
        (vec![Add(mallory()), Remove(mallory()), Add(mallory())], "nnnn"),
        (vec![Add(Owner), Remove(mallory())], "nnnn"),
        (vec![Remove(Owner)], "nnnn"),
        (vec![Remove(Themselves)], "nnnn"),
        (vec![Remove(mallory())], "yynn"),
        (vec![Remove(Outside)], "yynn"),
        (vec![Remove(mallory()), Contest(15)], "yyyy"),
        (vec![Remove(mallory()), Contest(14)], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Remove(mallory())], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Remove(Owner)], "nnnn"),
        (vec![Remove(mallory()), Contest(15), Confirm(12)], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Confirm(12), Confirm(12)], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Confirm(12), Confirm(13)], "nnnn"),
        (vec![Remove(Outside), Contest(15), Confirm(12), Confirm(13)], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Confirm(1)], "nnnn"),
        (vec![Remove(mallory()), Confirm(1)], "nnnn"),
        (vec![Remove(mallory()), Confirm(12), Confirm(13)], "nnnn"),
        (vec![Remove(mallory()), Add(mallory())], "yyyy"),
        (vec![Remove(mallory()), Contest(15), Add(mallory())], "yyyy"),
        (vec![Remove(Owner), Add(mallory())], "nnnn"),
        (vec![Remove(Themselves), Add(Owner)], "nnyy"),
    ];
    let seasoned = START.after(hours(72));
    let moments = [START, seasoned.before(TICK), seasoned, START.after(hours(720))];
    for (story, counts) in table {
        let (account, subject) = after(&story, START);
        for (moment, counts) in moments.into_iter().zip(counts.chars()) {
            let opened = open(&account, proposal(user(11), user(90)), moment).unwrap();
            assert_eq!(opened.terms.electorate.contains(&subject), counts == 'y', "{story:?} at {moment}");
            let why_not = account.roster.why_not(subject, moment, &users([1]));
            assert_eq!(why_not.is_none(), counts == 'y', "{story:?} at {moment}: {why_not:?}");
        }
    }
}

#[test]
fn during_a_case_only_an_owner_or_the_elector_takes_a_ballot_away() {
    let waiting = approved_by(opened(5, 90), [11, 12, 13], START);
    let lose = |by| act(&waiting, Action::Lose { elector: user(13) }, by, START);
    for other in [11, 12, 90] {
        assert_eq!(lose(other).unwrap_err().code(), "not_an_owner", "{other}");
    }
    for allowed in [1, 13] {
        let case = lose(allowed).unwrap().case;
        assert_eq!((case.state.word(), case.count().approvals), ("collecting", 2), "{allowed}");
        // It never comes back, and taking it away again is no news.
        assert_eq!(act(&case, ballot(&case, Choice::Approve), 13, START).unwrap_err().code(), "ballot_lost");
        assert_eq!(act(&case, Action::TakeBack, 13, START).unwrap_err().code(), "ballot_lost");
        assert!(act(&case, Action::Lose { elector: user(13) }, 1, START).unwrap().events.is_empty());
    }
}

#[test]
fn each_change_says_what_it_did() {
    let owners = users([1]);
    let now = at(START, &owners);
    let seasoned = START.after(hours(72));
    let mut roster = standing(&users(11..16));
    assert_eq!(roster.add(user(16), Joined::Yes, Owner, change(1), now), Added::StandsFrom(seasoned));
    assert_eq!(roster.add(user(17), Joined::Yes, mallory(), change(2), now), Added::NeedsConfirmation(change(2)));
    assert!(roster.needs_confirmation(user(17)) && !roster.needs_confirmation(user(16)));
    assert_eq!(roster.add(user(18), Joined::Yes, Founding, change(3), now), Added::StandsFrom(START));
    assert_eq!(roster.add(user(15), Joined::Yes, mallory(), change(4), now), Added::Restored);
    let ending = Removed::Ending { change: change(5), until: seasoned };
    assert_eq!(roster.remove(user(15), mallory(), change(5), now), ending);
    assert_eq!(roster.remove(user(15), Other(user(12)), change(6), at(START.after(hours(1)), &owners)), ending);
    assert_eq!(roster.changes_after(START), [seasoned].into());
    roster.contest(change(5), user(15), now).unwrap();
    assert_eq!(roster.remove(user(15), mallory(), change(7), now), Removed::StillContested { change: change(5) });
    assert_eq!(roster.remove(user(99), mallory(), change(8), now), Removed::AtOnce);
    assert_eq!(roster.remove(user(17), mallory(), change(8), now), Removed::AtOnce);
    assert_eq!(roster.remove(user(18), Themselves, change(8), now), Removed::AtOnce);
    let of_five = |have| Ok((user(15), Confirmed::Recorded { have, need: 3 }));
    assert_eq!(roster.confirm(change(5), user(12), now), of_five(2));
    assert_eq!(roster.confirm(change(5), user(12), now), of_five(2));
    assert_eq!(roster.confirm(change(5), user(13), now), Ok((user(15), Confirmed::Ended)));
}

#[test]
fn confirmations_by_people_who_lost_their_standing_do_not_count() {
    let owners = users([1]);
    let now = at(START, &owners);
    let mut roster = standing(&users(11..16));
    roster.add(user(16), Joined::Yes, mallory(), change(1), now);
    roster.confirm(change(1), user(12), now).unwrap();
    roster.remove(user(12), Themselves, change(2), now);
    // Of four left, three must agree: 11 and 13 do.
    let agreed = roster.confirm(change(1), user(13), now).unwrap().1;
    assert_eq!(agreed, Confirmed::Recorded { have: 2, need: 3 });
    // The seasoning runs from the confirmation, not from the addition.
    let later = START.after(hours(10));
    let agreed = roster.confirm(change(1), user(14), at(later, &owners)).unwrap().1;
    assert_eq!(agreed, Confirmed::StandsFrom(later.after(hours(72))));
}

/// Otherwise a minority could bring back one of theirs whom the others removed.
#[test]
fn a_removal_that_has_taken_effect_is_not_undone_by_adding_again() {
    let owners = users([1]);
    let mut roster = standing(&users(11..16));
    roster.remove(user(15), mallory(), change(1), at(START, &owners));
    let ended = START.after(hours(72));
    let mut restored = roster.clone();
    assert_eq!(
        restored.add(user(15), Joined::Yes, mallory(), change(2), at(ended.before(TICK), &owners)),
        Added::Restored
    );
    let again = roster.add(user(15), Joined::Yes, mallory(), change(2), at(ended, &owners));
    assert_eq!(again, Added::NeedsConfirmation(change(2)));
    assert!(!roster.standing_at(ended, &owners).contains(&user(15)));
}

#[test]
fn who_adds_somebody_agrees_only_if_they_have_standing_then() {
    let owners = users([1]);
    let mut roster = standing(&users(11..16));
    roster.add(user(17), Joined::Yes, Owner, change(1), at(START, &owners));
    roster.add(user(16), Joined::Yes, Other(user(17)), change(2), at(START, &owners));
    let later = START.after(hours(72));
    let agreed = roster.confirm(change(2), user(12), at(later, &owners)).unwrap().1;
    assert_eq!(agreed, Confirmed::Recorded { have: 1, need: 4 });
}

#[test]
fn everybody_without_standing_is_told_why() {
    let owners = users([1, 15]);
    let mut roster = standing(&users(11..16));
    let now = at(START, &owners);
    roster.add(user(16), Joined::Yes, Owner, change(1), now);
    roster.add(user(17), Joined::Yes, mallory(), change(2), now);
    roster.add(user(18), Joined::NotYet, Founding, change(3), now);
    roster.remove(user(14), mallory(), change(4), now);
    let seasoned = START.after(hours(72));
    for (who, moment, why) in [
        (15, START, Some(NoStanding::Owner)),
        (1, START, Some(NoStanding::Owner)),
        (16, START, Some(NoStanding::Seasoning { from: seasoned })),
        (16, seasoned, None),
        (17, seasoned, Some(NoStanding::NeedsConfirmation)),
        (18, START, Some(NoStanding::NotJoined)),
        (14, seasoned.before(TICK), None),
        (14, seasoned, Some(NoStanding::NotAdministrator)),
        (99, START, Some(NoStanding::NotAdministrator)),
    ] {
        assert_eq!(roster.why_not(user(who), moment, &owners), why, "{who}");
    }
}
