//! Cases of paper keys whose entries are from before these said which member had redeemed one.

use std::collections::BTreeMap;

use quorate::{
    activity::{case::CaseReplay, entry::Entry},
    app::{check_case, redeem::Answer},
    hash::Hash,
    id::UserId,
    recovery::{ballot::Choice, case::Case, terms::Kind},
    store::{
        entries::{self, Filter},
        tx::Backend,
    },
};
use serde_json::json;

use super::{
    policy::own,
    redemption::{RITA, answers, holder, joins, nora, use_key},
};
use crate::harness::{TestDb, on_both, world::World};

on_both!(what_an_old_entry_does_not_say_is_taken_from_the_tables, a_case_from_before_goes_on);

/// Two keys, of which Ada, an administrator, redeemed one, and one approval besides. Ada approves as well, which adds nothing; then another does.
async fn story(world: &World) -> (Case, [UserId; 3]) {
    let team = world.account_with("recommended", 3, &json!({"keys_need_approvals": 1})).await;
    let [ada, bob, cleo] = team.admins[..] else { panic!("three") };
    let mailbox = world.person(ada).await.email.as_str().to_owned();
    let (_, hers) = holder(world, &team, &mailbox).await;
    let (_, rita) = holder(world, &team, RITA).await;
    own(world, &team, |policy| policy.keys_required = 2).await;
    let case = world.case(use_key(world, &hers, &mailbox, nora(Kind::Add)).await.unwrap()).await;
    joins(world, &case, &rita, RITA).await.unwrap();
    answers(world, &case, Answer::Confirm).await.unwrap();
    world.vote(&case, ada, Choice::Approve).await.unwrap();
    assert_eq!(world.case(case.id()).await.state.word(), "collecting");
    world.vote(&case, bob, Choice::Approve).await.unwrap();
    let case = world.case(case.id()).await;
    assert_eq!(case.state.word(), "waiting");
    (case, [ada, bob, cleo])
}

async fn entries(world: &World, case: &Case) -> Vec<Entry> {
    let filter = Filter { case: Some(case.id()), ..Filter::default() };
    let mut tx = world.app.db.read().await.unwrap();
    let lines = entries::list(&mut tx, case.terms.account, &filter, i64::MAX).await.unwrap();
    lines.iter().map(|line| line.entry().unwrap()).collect()
}

/// What the replay says of the case as the tables have it.
fn replayed(entries: &[Entry], stored: &Case) -> Result<(), String> {
    let mut replay = CaseReplay::of(stored, &entries[0]).map_err(|wrong| wrong.to_string())?;
    for entry in &entries[1..] {
        replay.next(entry).map_err(|wrong| wrong.to_string())?;
    }
    replay.compare(stored, &BTreeMap::new()).map_err(|wrong| wrong.to_string())
}

/// The case as if the tables said that of Rita's key, and of Ada's.
fn with(stored: &Case, ada: UserId, of_ritas: Option<UserId>, of_adas: Option<UserId>) -> Case {
    let mut forged = stored.clone();
    for redeemed in forged.redeemed.values_mut() {
        redeemed.member = if redeemed.member == Some(ada) { of_adas } else { of_ritas };
    }
    forged
}

async fn what_an_old_entry_does_not_say_is_taken_from_the_tables(test: TestDb) {
    let world = World::new(test);
    let (stored, [ada, bob, cleo]) = story(&world).await;
    let new = entries(&world, &stored).await;
    let said: Vec<_> = new.iter().filter_map(|entry| entry.data.get("member")).collect();
    assert_eq!(said, [&json!(ada), &json!(null)], "each says it, also where it is nobody");
    let mut old = new.clone();
    for entry in &mut old {
        entry.data.remove("member");
    }
    assert_eq!(replayed(&new, &stored), Ok(()));
    assert_eq!(replayed(&old, &stored), Ok(()));
    let mut strict = CaseReplay::open(&stored.terms.canonical().unwrap(), &old[0]).unwrap();
    assert!(old[1..].iter().any(|entry| strict.next(entry).is_err()), "the control: Ada's approval would count");

    // What an entry says, the tables have to have.
    for forged in [
        with(&stored, ada, None, None),
        with(&stored, ada, Some(cleo), Some(ada)),
        with(&stored, ada, None, Some(cleo)),
    ] {
        let wrong = replayed(&new, &forged).unwrap_err();
        assert_eq!(wrong, "the tables have other paper keys than the log tells");
    }
    // What it does not say cannot be forged so that more ballots count, nor so that one does not which was counted.
    for forged in
        [with(&stored, ada, None, None), with(&stored, ada, Some(bob), Some(ada)), with(&stored, ada, None, Some(cleo))]
    {
        let wrong = replayed(&old, &forged).unwrap_err();
        assert!(wrong.contains("`case.quorum_reached`") && wrong.contains("the count is another"), "{wrong}");
    }
    // Whoever has not voted is only kept from it.
    assert_eq!(replayed(&old, &with(&stored, ada, Some(cleo), Some(ada))), Ok(()));
}

async fn a_case_from_before_goes_on(test: TestDb) {
    let world = World::new(test);
    let (stored, [ada, ..]) = story(&world).await;
    let compared = async || check_case::compare(&mut world.app.db.read().await.unwrap(), &stored).await.unwrap();
    assert_eq!(compared().await, Ok(()));
    world.disarm().await;
    for entry in entries(&world, &stored).await {
        let mut old = entry.clone();
        if old.data.remove("member").is_none() {
            continue;
        }
        let body = serde_json_canonicalizer::to_string(&old).unwrap();
        let hash = Hash::of(&body);
        let (disarmed, hash) = match world.app.db.backend() {
            Backend::Sqlite => ("", format!("x'{hash}'")),
            Backend::Postgres => ("set session_replication_role = replica; ", format!("'\\x{hash}'")),
        };
        let forge = format!("{disarmed}update activity set body = '{body}', hash = {hash} where seq = {}", old.seq);
        world.script(&format!("{forge} and kind = 'case.key_redeemed'")).await;
    }
    assert!(entries(&world, &stored).await.iter().all(|entry| !entry.data.contains_key("member")), "the control");
    assert_eq!(compared().await, Ok(()), "{ada}");
}
