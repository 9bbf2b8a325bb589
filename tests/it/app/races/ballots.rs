//! Ballots that come in at the same moment.

use quorate::{
    app::{
        act::{Act, Asked, ask},
        error::Error,
    },
    id::UserId,
    recovery::{ballot::Choice, case::Case},
};
use serde_json::json;

use crate::harness::{
    TestDb, on_both,
    race::{a_tenth_of_the_rounds, at_once, rounds, tell},
    world::{World, ballot, signed_in},
};

on_both!(
    one_ballot_sent_64_times_counts_once,
    sixty_four_electors_at_once_are_counted_exactly,
    two_quorums_at_once_find_one_place,
    one_approval_for_two_cases_at_once,
);

impl World {
    fn casting(&self, case: &Case, elector: UserId, choice: Choice) -> Act {
        Act { app: self.app.clone(), case: case.id(), asked: ballot(case, choice), principal: self.proven(elector) }
    }
}

/// Every second one under the account's lock, the others as ballots usually come.
async fn send(number: usize, act: Act) -> Result<Case, Error> {
    let acted = if number.is_multiple_of(2) { ask(act).await } else { act.app.db.clone().run(act).await };
    acted.map(|acted| acted.case)
}

async fn one_ballot_sent_64_times_counts_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let elector = team.admins[2];
    for round in 1..=rounds() {
        let runners = (0..64).map(|number| {
            let act = world.casting(&case, elector, Choice::Approve);
            async move { send(number, act).await.unwrap() }
        });
        for after in at_once(runners.collect()).await {
            assert_eq!((after.state.word(), after.count().approvals), ("collecting", 1));
        }
        assert_eq!(world.case(case.id()).await.count().approvals, 1);
        let entries = world.entries(&case, "case.ballot_cast").await;
        assert_eq!(entries, usize::try_from(round).unwrap(), "one entry a round");
        world.act(case.id(), signed_in(elector), Asked::TakeBack).await.unwrap();
    }
    world.check(team.id).await;
    tell(&format!("{:?}: one ballot sent 64 times counted once, in {} rounds", world.app.db.backend(), rounds()));
}

async fn sixty_four_electors_at_once_are_counted_exactly(test: TestDb) {
    let world = World::new(test);
    let quick = json!({"veto_cooldown": "0s", "reopen_after": "0s"});
    let team = world.account_with("single-owner", 64, &quick).await;
    for _ in 0..a_tenth_of_the_rounds() {
        let case = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
        assert_eq!((case.electors.len(), case.terms.required), (64, 33));
        let runners = team.admins.iter().enumerate().map(|(number, elector)| {
            let act = world.casting(&case, *elector, Choice::Approve);
            async move { send(number, act).await.unwrap().count().approvals }
        });
        let mut seen = at_once(runners.collect()).await;
        seen.sort_unstable();
        assert_eq!(seen, (1..=64).collect::<Vec<u32>>(), "each is one more than the one before");
        let after = world.case(case.id()).await;
        assert_eq!((after.state.word(), after.count().approvals), ("waiting", 64));
        assert_eq!(world.entries(&case, "case.ballot_cast").await, 64);
        let quorums = world.lines(&case, "case.quorum_reached").await;
        assert_eq!(quorums.len(), 1);
        assert_eq!(quorums[0].entry().unwrap().data["approvals"], json!(33), "at the 33rd, not before and not after");
        world.veto(&case, team.owner).await.unwrap();
    }
    world.check(team.id).await;
    tell(&format!("{:?}: 64 electors at once counted exactly, one quorum each", world.app.db.backend()));
}

async fn two_quorums_at_once_find_one_place(test: TestDb) {
    let world = World::new(test);
    let (mut first_won, mut second_won) = (0, 0);
    for _ in 0..rounds() {
        let (team, first, second) = world.two_cases().await;
        let [alone, b, c] = team.admins[..] else { panic!() };
        world.approve(&second, &[b]).await;
        let runners = [(alone, &first), (c, &second)].map(|(elector, case)| {
            let act = world.casting(case, elector, Choice::Approve);
            async move { ask(act).await.unwrap().case }
        });
        let states = at_once(runners.into()).await.into_iter().map(|case| case.state.word()).collect::<Vec<_>>();
        match states[..] {
            ["waiting", "collecting"] => first_won += 1,
            ["collecting", "waiting"] => second_won += 1,
            _ => panic!("{states:?}"),
        }
        assert_eq!([world.state(&first).await, world.state(&second).await], states[..]);
        for case in [&first, &second] {
            assert_eq!(world.case(case.id()).await.count().approvals, case.terms.required, "both have their quorum");
        }
        world.check(team.id).await;
    }
    tell(&format!(
        "{:?}: two quorums at once: the first case waits {first_won} times, the second {second_won}, never both",
        world.app.db.backend()
    ));
}

async fn one_approval_for_two_cases_at_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("single-owner", 5).await;
    let first = world.open(&team, team.admins[0], team.admins[1]).await.unwrap();
    let second = world.open(&team, team.admins[1], team.admins[2]).await.unwrap();
    let elector = team.admins[3];
    for _ in 0..rounds() {
        let runners = [&first, &second].map(|case| {
            let act = world.casting(case, elector, Choice::Approve);
            async move { ask(act).await }
        });
        let outcomes = at_once(runners.into()).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "one of them");
        for outcome in outcomes.into_iter().filter(Result::is_err) {
            crate::harness::world::refused(outcome, "approval_elsewhere");
        }
        let mut approvals = 0;
        for case in [&first, &second] {
            approvals += world.case(case.id()).await.count().approvals;
            world.act(case.id(), signed_in(elector), Asked::TakeBack).await.unwrap();
        }
        assert_eq!(approvals, 1);
    }
    world.check(team.id).await;
}
