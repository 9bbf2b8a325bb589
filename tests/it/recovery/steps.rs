//! Random play, as data: how an account may be set up, and what anybody in it may try.

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};
use quorate::{
    id::UserId,
    recovery::{
        ballot::Choice,
        policy::{BallotWay, Majority, NomineeApproval, OwnersAllowed, Policy},
        terms::Kind,
    },
};

use super::fixtures::{policy, user};

/// Owners 1 and 2, administrators 11 to 17, puppets 21 to 23, plain members 31 and 32, outsiders 41 and 42.
pub const PEOPLE: [u128; 16] = [1, 2, 11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 31, 32, 41, 42];

/// How the account is set up.
#[derive(Debug, Clone)]
pub struct Setup {
    pub owners: u128,
    pub administrators: u128,
    pub owner_is_administrator: bool,
    pub policy: Policy,
}

/// One thing that somebody tries. A `Pick` is an index into whatever there is to choose from.
#[derive(Debug, Clone)]
pub enum Step {
    Open {
        opener: UserId,
        nominee: UserId,
        kind: Kind,
    },
    Vote {
        case: Pick,
        voter: Voter,
        choice: Choice,
        way: BallotWay,
        shown: Shown,
    },
    /// Everybody who may approve does.
    Rally {
        case: Pick,
    },
    TakeBack {
        case: Pick,
        voter: Voter,
    },
    Pause {
        case: Pick,
        by: UserId,
    },
    Veto {
        case: Pick,
        by: UserId,
        proof_age: i64,
    },
    Withdraw {
        case: Pick,
        by: Option<UserId>,
    },
    Overreach {
        case: Pick,
        by: UserId,
        how: Pick,
    },
    Add {
        who: UserId,
        by: UserId,
    },
    Join {
        who: UserId,
    },
    Remove {
        who: UserId,
        by: UserId,
    },
    Contest {
        change: Pick,
        by: Option<UserId>,
    },
    Confirm {
        change: Pick,
        by: UserId,
    },
    Grant {
        who: UserId,
    },
    Revoke {
        who: UserId,
    },
    /// Somebody moves to another mailbox.
    Move {
        who: UserId,
    },
    /// Something that the rules do not foresee, such as a hand in the database.
    BehindOurBack {
        who: UserId,
    },
    Deliver,
    Sweep,
    Leap(Leap),
}

pub type Pick = u8;

#[derive(Debug, Clone, Copy)]
pub enum Voter {
    Elector(Pick),
    Anybody(UserId),
    Machine,
}

#[derive(Debug, Clone, Copy)]
pub enum Shown {
    InForce,
    Other,
}

/// How far time goes.
#[derive(Debug, Clone, Copy)]
pub enum Leap {
    By(i64),
    JustBefore(Pick),
    Exactly(Pick),
}

pub fn setup() -> impl Strategy<Value = Setup> {
    let fraction = select(vec![(1, 2), (1, 2), (1, 2), (2, 3), (3, 5), (999, 1000)]);
    let counts = select(vec![NomineeApproval::Counts, NomineeApproval::DoesNotCount]);
    let plain_mail = BTreeSet::from([BallotWay::SignedIn, BallotWay::MailLink, BallotWay::PlainMail]);
    let signed = BTreeSet::from([BallotWay::Passkey]);
    let ways = select(vec![BTreeSet::from([BallotWay::SignedIn]), plain_mail, signed]);
    (1..=2_u128, 1..=7_u128, any::<bool>(), fraction, 1..=3_u32, counts, ways, 0..=2_u32).prop_map(
        |(
            owners,
            administrators,
            owner_is_administrator,
            (numerator, denominator),
            min_approvals,
            nominee,
            ballots,
            pauses,
        )| {
            let majority = Majority::new(numerator, denominator).unwrap();
            let many = if owners == 1 && min_approvals == 1 { OwnersAllowed::One } else { OwnersAllowed::Many };
            let policy = Policy {
                owners: many,
                majority,
                min_approvals,
                nominee_approval: nominee,
                ballots,
                pauses,
                ..policy()
            };
            Setup { owners, administrators, owner_is_administrator, policy }
        },
    )
}

pub fn step() -> impl Strategy<Value = Step> {
    let anybody = || select(PEOPLE.to_vec()).prop_map(user);
    let administrator = || select((11..18).collect::<Vec<u128>>()).prop_map(user);
    let mostly_administrator = || prop_oneof![4 => administrator(), 1 => anybody()];
    let owner = || prop_oneof![4 => select(vec![1, 2]).prop_map(user), 1 => anybody()];
    let nominee = prop_oneof![3 => select(vec![31, 32]).prop_map(user), 3 => administrator(), 1 => anybody()];
    let kind = select(vec![Kind::Replace, Kind::Add]);
    let choice = prop_oneof![5 => Just(Choice::Approve), 1 => Just(Choice::Reject)];
    let way = prop_oneof![
        6 => Just(BallotWay::SignedIn),
        6 => Just(BallotWay::Passkey),
        1 => Just(BallotWay::MailLink),
        1 => Just(BallotWay::PlainMail),
    ];
    let shown = prop_oneof![20 => Just(Shown::InForce), 1 => Just(Shown::Other)];
    let elector = || any::<Pick>().prop_map(Voter::Elector);
    let voter = || prop_oneof![16 => elector(), 2 => anybody().prop_map(Voter::Anybody), 1 => Just(Voter::Machine)];
    let pick = any::<Pick>;
    let short = select(vec![1, 60_000_000, 3_600_000_000, 86_400_000_000]).prop_map(Leap::By);
    let leap = prop_oneof![2 => short, 1 => pick().prop_map(Leap::JustBefore), 4 => pick().prop_map(Leap::Exactly)];
    prop_oneof![
        14 => (mostly_administrator(), nominee, kind)
            .prop_map(|(opener, nominee, kind)| Step::Open { opener, nominee, kind }),
        30 => (pick(), voter(), choice, way, shown)
            .prop_map(|(case, voter, choice, way, shown)| Step::Vote { case, voter, choice, way, shown }),
        10 => pick().prop_map(|case| Step::Rally { case }),
        8 => (pick(), voter()).prop_map(|(case, voter)| Step::TakeBack { case, voter }),
        6 => (pick(), owner()).prop_map(|(case, by)| Step::Pause { case, by }),
        1 => (pick(), owner(), select(vec![0, 0, 5, 6, -1]))
            .prop_map(|(case, by, proof_age)| Step::Veto { case, by, proof_age }),
        1 => (pick(), proptest::option::weighted(0.3, anybody()))
            .prop_map(|(case, by)| Step::Withdraw { case, by }),
        2 => (pick(), anybody(), pick()).prop_map(|(case, by, how)| Step::Overreach { case, by, how }),
        2 => (anybody(), mostly_administrator()).prop_map(|(who, by)| Step::Add { who, by }),
        4 => (mostly_administrator(), owner()).prop_map(|(who, by)| Step::Add { who, by }),
        2 => anybody().prop_map(|who| Step::Join { who }),
        2 => (anybody(), anybody()).prop_map(|(who, by)| Step::Remove { who, by }),
        4 => (administrator(), mostly_administrator()).prop_map(|(who, by)| Step::Remove { who, by }),
        5 => (pick(), proptest::option::weighted(0.4, anybody()))
            .prop_map(|(change, by)| Step::Contest { change, by }),
        4 => (pick(), mostly_administrator()).prop_map(|(change, by)| Step::Confirm { change, by }),
        1 => anybody().prop_map(|who| Step::Grant { who }),
        1 => anybody().prop_map(|who| Step::Revoke { who }),
        3 => anybody().prop_map(|who| Step::Move { who }),
        1 => anybody().prop_map(|who| Step::BehindOurBack { who }),
        6 => Just(Step::Deliver),
        8 => Just(Step::Sweep),
        14 => leap.prop_map(Step::Leap),
    ]
}
