//! The drawing of the count shows every ballot once, and its line has exactly the required places before it.

use proptest::prelude::*;
use quorate::{
    recovery::{
        ballot::{Ballot, Choice, Elector},
        case::Case,
        policy::{BallotWay, NomineeApproval},
    },
    web::case::drawing::{Drawing, drawing},
};

use crate::recovery::{
    fixtures::{START, opened},
    properties::rounds,
};

/// What somebody made of their ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Made {
    Nothing,
    Approval,
    Rejection,
    /// They approved, and then an owner removed them.
    Lost,
}

fn case(ballots: &[Made], nominee: NomineeApproval) -> Case {
    let mut case = opened(u128::try_from(ballots.len()).unwrap(), 11);
    case.terms.policy.nominee_approval = nominee;
    let hash = case.terms_hash;
    let ballot = |choice| Some(Ballot { choice, terms_hash: hash, cast_at: START, way: BallotWay::SignedIn });
    for (elector, made) in case.electors.values_mut().zip(ballots) {
        *elector = match made {
            Made::Nothing => Elector { ballot: None, lost_at: None },
            Made::Approval => Elector { ballot: ballot(Choice::Approve), lost_at: None },
            Made::Rejection => Elector { ballot: ballot(Choice::Reject), lost_at: None },
            Made::Lost => Elector { ballot: ballot(Choice::Approve), lost_at: Some(START) },
        };
    }
    case
}

fn drawn(case: &Case) -> Drawing {
    drawing(case, |_| None)
}

fn marks(drawing: &Drawing, shape: &str) -> usize {
    drawing.marks.iter().filter(|mark| mark.shape == shape).count()
}

/// The numbers of a path, which only goes down and across.
fn numbers(path: &str) -> Vec<u32> {
    path.split(|letter: char| !letter.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// How many marks lie before the line: above its long stretch, or left of its fall.
fn before_the_line(drawing: &Drawing) -> usize {
    let line = numbers(&drawing.line);
    let (first_row, fall, below) = match (line.as_slice(), drawing.line.matches(['V', 'H']).count()) {
        ([x, _, below, _], 2) => (0, *x, *below),
        ([_, above, _], 1) => (*above, 0, *above),
        ([_, above, x, below, _], 3) => (*above, *x, *below),
        other => panic!("an unknown line: {other:?}"),
    };
    let before = |x: u32, y: u32| y < first_row || (y < below && x < fall);
    drawing.marks.iter().filter(|mark| before(mark.x, mark.y)).count()
}

#[test]
fn one_two_five_and_fifty() {
    for (electors, required, rows) in
        [(1, 1, 1), (2, 2, 1), (5, 3, 1), (10, 6, 1), (11, 6, 2), (20, 11, 2), (50, 26, 5)]
    {
        let mut ballots = vec![Made::Nothing; electors];
        ballots[0] = Made::Approval;
        let drawing = drawn(&case(&ballots, NomineeApproval::Counts));
        assert_eq!(drawing.marks.len(), electors);
        assert_eq!((marks(&drawing, "approves"), marks(&drawing, "open")), (1, electors - 1));
        assert_eq!(before_the_line(&drawing), required, "{electors}: {}", drawing.line);
        let heights: std::collections::BTreeSet<u32> = drawing.marks.iter().map(|mark| mark.y).collect();
        assert_eq!(heights.len(), rows, "{electors}");
        assert_eq!(drawing.line_label.is_some(), rows == 1);
        let are = if required == 1 { "is" } else { "are" };
        assert_eq!(drawing.told, format!("1 of {electors} approves; {required} {are} required."));
    }
}

#[test]
fn the_sentence_says_what_the_drawing_shows() {
    let ballots = [Made::Approval, Made::Approval, Made::Rejection, Made::Nothing, Made::Lost];
    let counted = drawn(&case(&ballots, NomineeApproval::Counts));
    assert_eq!(counted.name, "2 of 5 approve; 3 are required. 1 has not voted, 1 rejects, 1 has no ballot any more.");
    let apart = drawn(&case(&ballots, NomineeApproval::DoesNotCount));
    assert!(
        apart.name.starts_with("1 of 5 approves; 3 are required. 1 has not voted, 1 ballot not counted"),
        "{}",
        apart.name
    );
    assert_eq!((marks(&apart, "approves"), marks(&apart, "apart")), (1, 1));
}

proptest! {
    #![proptest_config(rounds())]

    #[test]
    fn every_ballot_is_one_mark(
        ballots in prop::collection::vec(
            prop_oneof![Just(Made::Nothing), Just(Made::Approval), Just(Made::Rejection), Just(Made::Lost)],
            1..=60,
        ),
        nominee in prop_oneof![Just(NomineeApproval::Counts), Just(NomineeApproval::DoesNotCount)],
    ) {
        let case = case(&ballots, nominee);
        let drawing = drawn(&case);
        let made = |wanted: Made| ballots.iter().filter(|made| **made == wanted).count();
        // The nominee is the first of them.
        let apart = nominee == NomineeApproval::DoesNotCount && matches!(ballots[0], Made::Nothing | Made::Approval);
        let (nothing, approval) = match (apart, ballots[0]) {
            (true, Made::Nothing) => (1, 0),
            (true, _) => (0, 1),
            (false, _) => (0, 0),
        };
        prop_assert_eq!(drawing.marks.len(), ballots.len());
        prop_assert_eq!(marks(&drawing, "approves"), made(Made::Approval) - approval);
        prop_assert_eq!(marks(&drawing, "open"), made(Made::Nothing) - nothing);
        prop_assert_eq!(marks(&drawing, "apart"), nothing + approval);
        prop_assert_eq!(marks(&drawing, "rejects"), made(Made::Rejection));
        prop_assert_eq!(marks(&drawing, "lost"), made(Made::Lost));
        prop_assert_eq!(before_the_line(&drawing), usize::try_from(case.terms.required).unwrap());

        let count = case.count();
        prop_assert_eq!(usize::try_from(count.approvals).unwrap(), marks(&drawing, "approves"));
        prop_assert_eq!(usize::try_from(count.rejections).unwrap(), marks(&drawing, "rejects"));
        prop_assert_eq!(usize::try_from(count.open).unwrap(), marks(&drawing, "open"));

        // No two marks share a place, and each lies in the picture.
        let places: std::collections::BTreeSet<(u32, u32)> = drawing.marks.iter().map(|mark| (mark.x, mark.y)).collect();
        prop_assert_eq!(places.len(), ballots.len());
        prop_assert!(drawing.marks.iter().all(|mark| mark.x + 36 < drawing.width && mark.y + 36 < drawing.height));
        // In reading order, approvals come first.
        let first = drawing.marks.iter().take(marks(&drawing, "approves"));
        prop_assert!(first.into_iter().all(|mark| mark.shape == "approves"));
    }
}
