//! Readiness: each reason by itself, the score, and what if people left.

use std::collections::{BTreeMap, BTreeSet};

use proptest::{prelude::*, sample::subsequence};
use quorate::{
    id::{RecoveryUserId, UserId},
    ownership::{
        member::{Member, Status},
        preset::Preset,
        readiness::{
            Backup, DRILL_AGAIN, KEY_AGE, Key, LOW, Leavers, Mailbox, Person, Prepared, Readiness, RecoveryUser, Signs,
            assess, what_if,
        },
        readiness_reasons::Reason,
    },
    recovery::{
        policy::{BallotWay, Policy, Switch},
        proof::Holds,
        reach::Reach,
        roster::{Authority, Joined},
    },
};
use uuid::Uuid;

use super::fixtures::*;
use crate::recovery::{
    fixtures::{at, change, standing, users},
    properties::rounds,
};

fn recovery_user(number: u128) -> RecoveryUserId {
    RecoveryUserId::from_uuid(Uuid::from_u128(number))
}

/// Two owners, five administrators with standing, a plain member, and two recovery users with drilled keys.
fn prepared(preset: &Preset) -> Prepared<'_> {
    let owners = [1, 2].map(|number| owner(preset, number));
    let administrators = (11..16).map(|number| member(preset, number, &preset.first_role));
    let plain = member(preset, 31, &preset.roles.last().unwrap().name);
    let members = owners.into_iter().chain(administrators).chain([plain]);
    let key = Key { issued_at: START, drilled_at: Some(START) };
    let user = RecoveryUser { confirmed: true, mailbox: Mailbox::Fine, keys: vec![key] };
    Prepared {
        rules: &preset.ownership,
        policy: &preset.policy,
        members: members.map(|member| (member.user, fine(member))).collect(),
        roster: standing(&users(11..16)),
        recovery_users: BTreeMap::from([(recovery_user(1), user.clone()), (recovery_user(2), user)]),
    }
}

fn codes(readiness: &Readiness) -> Vec<&'static str> {
    readiness.reasons.iter().map(Reason::code).collect()
}

fn after(edit: impl FnOnce(&mut Prepared<'_>)) -> (u32, Vec<&'static str>) {
    let preset = preset("recommended");
    let mut account = prepared(&preset);
    edit(&mut account);
    let readiness = assess(&account, START);
    (readiness.score, codes(&readiness))
}

fn edit_member(account: &mut Prepared<'_>, number: u128, edit: impl FnOnce(&mut Member)) {
    edit(&mut account.members.get_mut(&user(number)).unwrap().member);
}

fn edit_recovery_user(account: &mut Prepared<'_>, edit: impl Fn(&mut RecoveryUser)) {
    account.recovery_users.values_mut().for_each(edit);
}

fn gone(account: &mut Prepared<'_>, numbers: &[u128]) {
    for number in numbers {
        account.members.remove(&user(*number));
        account.roster.entries.remove(&user(*number));
    }
}

#[test]
fn each_reason_by_itself() {
    let preset = preset("recommended");
    let well = assess(&prepared(&preset), START);
    assert_eq!((well.score, codes(&well)), (100, vec![]));
    assert_eq!((well.vote, well.keys), (Reach::Reachable { spare: 3 }, Reach::Reachable { spare: 1 }));
    assert_eq!(well.effective_owners, users([1, 2]));
    assert!(well.is_recoverable());

    let old = START.before(DRILL_AGAIN);
    assert_eq!(after(|it| gone(it, &[2])), (90, vec!["few_owners"]));
    assert_eq!(
        after(|it| edit_member(it, 2, |member| member.confirmed = false)).1,
        ["few_owners", "address_unconfirmed"]
    );
    assert_eq!(after(|it| gone(it, &[1, 2])), (70, vec!["no_effective_owner"]));
    assert_eq!(after(|it| gone(it, &[15, 14])), (95, vec!["vote_fragile"]));
    assert_eq!(after(|it| gone(it, &[15, 14, 13])), (90, vec!["vote_fragile"]));
    assert_eq!(after(|it| gone(it, &[15, 14, 13, 12])).1, ["vote_unreachable"]);
    assert_eq!(after(|it| it.recovery_users.clear()), (85, vec!["no_recovery_users"]));
    assert_eq!(after(|it| edit_recovery_user(it, |user| user.keys.clear())), (85, vec!["few_key_holders"]));
    let unconfirmed = after(|it| edit_recovery_user(it, |user| user.confirmed = false));
    assert_eq!(unconfirmed, (80, vec!["few_key_holders", "recovery_address_unconfirmed"]));
    let bounces = after(|it| edit_recovery_user(it, |user| user.mailbox = Mailbox::Bounces));
    assert_eq!(bounces, (90, vec!["recovery_address_bounces"]));
    assert_eq!(after(|it| edit_recovery_user(it, |user| user.keys[0].drilled_at = None)), (95, vec!["keys_undrilled"]));
    let stale = |at| after(move |it| edit_recovery_user(it, |user| user.keys[0].drilled_at = Some(at)));
    assert_eq!(stale(old), (95, vec!["keys_undrilled"]));
    assert_eq!(stale(old.after(TICK)), (100, vec![]));
    let aged = after(|it| edit_recovery_user(it, |user| user.keys[0].issued_at = START.before(KEY_AGE)));
    assert_eq!(aged, (98, vec!["keys_old"]));
    let mailbox = after(|it| it.members.get_mut(&user(11)).unwrap().mailbox = Mailbox::Bounces);
    assert_eq!(mailbox, (90, vec!["address_bounces"]));
    for number in [1, 11] {
        let mailbox_only = after(|it| it.members.get_mut(&user(number)).unwrap().holds = Holds::MailboxOnly);
        assert_eq!(mailbox_only, (95, vec!["no_credential"]));
    }
    // Neither has to show anything, nor could they.
    for number in [2, 12, 31] {
        let mailbox_only = after(|it| {
            it.members.get_mut(&user(number)).unwrap().holds = Holds::MailboxOnly;
            edit_member(it, number, |member| member.confirmed &= number == 31);
        });
        assert!(!mailbox_only.1.contains(&"no_credential"), "{mailbox_only:?}");
    }
    // A plain member's mailbox is nobody's concern here.
    assert_eq!(after(|it| it.members.get_mut(&user(31)).unwrap().mailbox = Mailbox::Bounces), (100, vec![]));
    let seasoning = after(|it| {
        it.roster.entries.remove(&user(15));
        it.roster.add(user(15), Joined::Yes, Authority::Owner, change(1), at(START, &users([1, 2])));
    });
    assert_eq!(seasoning, (98, vec!["no_standing_yet"]));
    let nobody = after(|it| {
        gone(it, &[11, 12, 13, 14, 15]);
        it.recovery_users.clear();
    });
    assert_eq!(nobody.1, ["nobody_could_recover", "vote_unreachable", "no_recovery_users", "few_administrators"]);
}

#[test]
fn what_a_preset_does_not_want_is_no_reason() {
    let single = preset("single-owner");
    let mut account = prepared(&single);
    gone(&mut account, &[2]);
    account.recovery_users.clear();
    let readiness = assess(&account, START);
    assert_eq!((readiness.score, codes(&readiness)), (100, vec![]));
    assert_eq!(readiness.keys, Reach::Off);

    // At least two Company Admins are advised, and it is said so when there are fewer.
    let partner = preset("partner-managed");
    let mut account = prepared(&partner);
    gone(&mut account, &[2, 11, 12, 13, 14, 15]);
    let readiness = assess(&account, START);
    assert!(codes(&readiness).contains(&"few_administrators"), "{readiness:?}");
    let told = readiness.reasons.iter().find(|reason| reason.code() == "few_administrators").unwrap();
    assert_eq!(told.sentence(), "there are fewer administrators than advised: 1 of 2");

    // Who votes by the link in a mail needs nothing but the mailbox; an owner needs more to veto.
    let mut account = prepared(&single);
    gone(&mut account, &[2]);
    for (number, wanting) in [(11, false), (1, true)] {
        account.members.get_mut(&user(number)).unwrap().holds = Holds::MailboxOnly;
        assert_eq!(codes(&assess(&account, START)).contains(&"no_credential"), wanting);
    }

    let customers = preset("account-and-customers");
    let mut account = prepared(&customers);
    gone(&mut account, &[11, 12, 13, 14, 15]);
    assert_eq!(customers.policy.vote_route, Switch::Off);
    assert_eq!(codes(&assess(&account, START)), Vec::<&str>::new());
}

#[test]
fn what_if_these_people_left() {
    let preset = preset("recommended");
    let account = prepared(&preset);
    let ask = |members: &[u128], recovery_users: &[u128]| {
        let leavers = Leavers {
            members: members.iter().map(|number| user(*number)).collect(),
            recovery_users: recovery_users.iter().map(|number| recovery_user(*number)).collect(),
        };
        what_if(&account, &leavers, START)
    };
    assert_eq!(ask(&[], &[]), assess(&account, START));
    // Both owners gone: the rest can still help themselves, by vote and by key.
    let owners = ask(&[1, 2], &[]);
    assert!(owners.is_recoverable() && owners.effective_owners.is_empty());
    assert!(ask(&[1, 2], &[1, 2]).is_recoverable());
    assert!(ask(&[1, 2, 12, 13, 14, 15], &[1]).is_recoverable());
    let too_many = ask(&[1, 2, 12, 13, 14, 15], &[1, 2]);
    assert!(!too_many.is_recoverable());
    assert_eq!(codes(&too_many)[..2], ["nobody_could_recover", "no_effective_owner"]);
    // Who is not there cannot leave.
    assert_eq!(ask(&[99], &[99]), assess(&account, START));
}

#[test]
fn sentences_say_what_they_said() {
    let people: BTreeSet<UserId> = users([1, 2]);
    let keys = BTreeSet::from([recovery_user(1)]);
    let shortage = quorate::ownership::readiness_reasons::Shortage { have: 1, want: 3 };
    let reasons = [
        Reason::NoEffectiveOwner,
        Reason::FewOwners(shortage),
        Reason::FewAdministrators(shortage),
        Reason::NoStandingYet { people: people.clone() },
        Reason::NobodyCouldRecover,
        Reason::VoteUnreachable(shortage),
        Reason::VoteFragile { leave: 1 },
        Reason::VoteFragile { leave: 2 },
        Reason::NoRecoveryUsers,
        Reason::FewKeyHolders(shortage),
        Reason::KeysUndrilled { users: keys.clone() },
        Reason::KeysOld { users: keys.clone() },
        Reason::RecoveryAddressUnconfirmed { users: keys.clone() },
        Reason::RecoveryAddressBounces { users: keys },
        Reason::AddressUnconfirmed { people: people.clone() },
        Reason::AddressBounces { people: people.clone() },
        Reason::NoCredential { people: people.clone() },
        Reason::NoPasskey { people: people.clone() },
        Reason::NoBackup { people },
    ];
    let told = reasons
        .map(|reason| format!("{} (-{}): {}; {}", reason.code(), reason.weight(), reason.sentence(), reason.remedy()));
    insta::assert_snapshot!(told.join("\n"));
}

/// Somebody with whom nothing is wrong.
fn fine(member: Member) -> Person {
    Person { member, mailbox: Mailbox::Fine, holds: Holds::Credential, signs: Signs::Can, backup: Backup::Has }
}

#[test]
fn who_cannot_sign_is_told_where_ballots_are_signed() {
    let preset = preset("recommended");
    let mut account = prepared(&preset);
    for number in [11, 12] {
        account.members.get_mut(&user(number)).unwrap().signs = Signs::Cannot;
    }
    // Whoever has no credential at all is told of that.
    account.members.get_mut(&user(12)).unwrap().holds = Holds::MailboxOnly;
    let reasons = |account: &Prepared<'_>| assess(account, START).reasons;
    let wanting = |account: &Prepared<'_>| codes(&assess(account, START)).contains(&"no_passkey");
    assert!(!wanting(&account));
    let signed = Policy { ballots: [BallotWay::Passkey].into(), ..preset.policy.clone() };
    account.policy = &signed;
    assert!(reasons(&account).contains(&Reason::NoPasskey { people: users([11]) }));
    assert!(reasons(&account).contains(&Reason::NoCredential { people: users([12]) }));
    let off = Policy { vote_route: Switch::Off, ..signed.clone() };
    account.policy = &off;
    assert!(!wanting(&account));
}

#[test]
fn a_lone_owner_is_advised_to_have_a_backup() {
    let preset = preset("recommended");
    let mut account = prepared(&preset);
    let wanting = |account: &Prepared<'_>| codes(&assess(account, START)).contains(&"no_backup");
    account.members.get_mut(&user(1)).unwrap().backup = Backup::Lacks;
    assert!(!wanting(&account), "the other owner can act");
    account.members.get_mut(&user(2)).unwrap().member.status = Status::Suspended;
    assert!(assess(&account, START).reasons.contains(&Reason::NoBackup { people: users([1]) }));
    account.members.get_mut(&user(1)).unwrap().backup = Backup::Has;
    assert!(!wanting(&account));
    // Whoever has no credential at all is told of that.
    account.members.get_mut(&user(1)).unwrap().holds = Holds::MailboxOnly;
    account.members.get_mut(&user(1)).unwrap().backup = Backup::Lacks;
    assert!(!wanting(&account));
}

proptest! {
    #![proptest_config(rounds())]

    /// Whoever leaves, nothing about recovery gets better by it but what a smaller electorate needs; and the number of
    /// people who can be spared is right: after that many voters have left a vote still succeeds, after one more not.
    #[test]
    fn the_spare_number_is_exact(
        administrators in 0..8_u128,
        others in 0..3_u128,
        seasoning in 0..3_u128,
        order in subsequence((11..19).collect::<Vec<u128>>(), 8).prop_shuffle(),
    ) {
        let preset = preset("recommended");
        let mut account = prepared(&preset);
        gone(&mut account, &[11, 12, 13, 14, 15, 31]);
        let with = |account: &mut Prepared<'_>, number, role: &str| {
            let member = Member { status: Status::Active, ..member(&preset, number, role) };
            account.members.insert(member.user, fine(member));
        };
        let voters = 11..11 + administrators;
        for number in voters.clone().chain(51..51 + seasoning) {
            with(&mut account, number, "administrator");
        }
        for number in 31..31 + others {
            with(&mut account, number, "member");
        }
        account.roster = standing(&users(voters.clone()));
        let leaves = order.into_iter().filter(|number| voters.contains(number));
        let mut members = BTreeSet::new();
        let now = assess(&account, START);
        match now.vote {
            Reach::Reachable { spare } => {
                for (count, number) in leaves.enumerate() {
                    members.insert(user(number));
                    let leavers = Leavers { members: members.clone(), ..Leavers::default() };
                    let left = what_if(&account, &leavers, START);
                    let count = u32::try_from(count).unwrap() + 1;
                    if count <= spare {
                        prop_assert_eq!(left.vote, Reach::Reachable { spare: spare - count });
                    } else if count == spare + 1 {
                        prop_assert!(!left.vote.is_reachable());
                    }
                    prop_assert!(left.score <= 100);
                }
            }
            Reach::Unreachable { have, need } => prop_assert!(have < need),
            Reach::Off => prop_assert!(false),
        }
        prop_assert_eq!(now.score == 100, now.reasons.is_empty());
    }
}

#[test]
fn owners_are_told_when_it_is_low() {
    let preset = preset("recommended");
    let low = |edit: &dyn Fn(&mut Prepared<'_>)| {
        let mut account = prepared(&preset);
        edit(&mut account);
        let readiness = assess(&account, START);
        assert_eq!(readiness.is_low(), readiness.score < LOW || !readiness.is_recoverable());
        (readiness.score, readiness.is_low())
    };
    assert_eq!(low(&|_| {}), (100, false));
    assert_eq!(low(&|it| it.recovery_users.clear()), (85, false), "what is not urgent is no mail");
    assert!(low(&|it| gone(it, &[1, 2, 11, 12, 13, 14, 15])).1, "nobody but recovery users is left");
    let (score, is_low) = low(&|it| {
        gone(it, &[11, 12, 13, 14, 15]);
        it.recovery_users.clear();
    });
    assert!(is_low && score < LOW, "{score}");
}
