//! The weekly look at how well accounts are prepared: who is told, when, and that nobody is told twice.

use quorate::{
    app::digest::{SwitchDigest, tick},
    jobs::{
        digests::{BATCH, sweep},
        each::Swept,
    },
    recovery::policy::Switch,
};
use tokio_util::sync::CancellationToken;

use crate::harness::{
    TestDb, on_both,
    world::{MICROSECOND, Team, World, days},
};

on_both!(
    the_owner_of_a_badly_prepared_account_is_told_once_a_week,
    nobody_is_told_twice_by_two_machines,
    nobody_is_told_in_vain,
    an_outage_is_made_up_for_once,
    one_that_fails_hides_no_other,
);

async fn look(world: &World) -> Swept {
    sweep(&world.app, &CancellationToken::new()).await.unwrap()
}

/// How many such mails each person has got.
async fn told(world: &World, team: &Team) -> Vec<usize> {
    mailed(world, team, "readiness_digest").await
}

/// How many mails of that kind the owner and each administrator got.
async fn mailed(world: &World, team: &Team, kind: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    for user in std::iter::once(&team.owner).chain(&team.admins) {
        let mut tx = world.app.db.read().await.unwrap();
        let query = "select count(*) from mails where kind = $3 and account_id = $1 and user_id = $2";
        let count = tx.sql(query).bind(team.id).bind(*user).bind(kind).scalar::<i64>().await.unwrap();
        counts.push(usize::try_from(count).unwrap());
    }
    counts
}

async fn the_owner_of_a_badly_prepared_account_is_told_once_a_week(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    world.advance(days(7) - MICROSECOND);
    assert_eq!(look(&world).await, Swept::default(), "not before a week");
    world.advance(MICROSECOND);
    assert_eq!(look(&world).await, Swept { looked_at: 1, failed: 0 });
    assert_eq!(told(&world, &team).await, [1, 0], "owners, and nobody else");
    assert_eq!(look(&world).await, Swept::default(), "once");
    world.advance(days(6));
    assert_eq!(look(&world).await, Swept::default());
    world.advance(days(1));
    look(&world).await;
    assert_eq!(told(&world, &team).await, [2, 0], "and again after a week, while nothing is mended");
    world.deliver().await;
    let lines = world.activity(team.id).await;
    assert_eq!(lines.iter().filter(|line| line.kind == "digest.sent").count(), 2);
    world.check(team.id).await;
}

async fn nobody_is_told_twice_by_two_machines(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    world.advance(days(8));
    let other = world.replica().await;
    let stop = CancellationToken::new();
    let (one, two) = tokio::join!(sweep(&world.app, &stop), sweep(&other, &stop));
    assert_eq!((one.unwrap().failed, two.unwrap().failed), (0, 0));
    // One that has read the list before, and comes to this account only now.
    tick(&other, team.id).await.unwrap();
    assert_eq!(told(&world, &team).await, [1, 0]);
}

async fn nobody_is_told_in_vain(test: TestDb) {
    let world = World::new(test);
    // A single owner is enough where there can be only one, and five administrators can replace them.
    let well = world.account("single-owner", 6).await;
    let pending = world.pending_account("recommended", 1, &serde_json::json!({})).await;
    let off = world.account("recommended", 1).await;
    world.advance(MICROSECOND * 1000);
    let suspended = world.account("recommended", 1).await;
    let app = world.app.clone();
    let unit = SwitchDigest { app, account: off.id, wanted: Switch::Off, principal: world.proven(off.owner) };
    world.app.db.run(unit).await.unwrap();
    world
        .script(
            "update accounts set status = 'suspended' where id = (select id from accounts order by id desc limit 1)",
        )
        .await;
    world.advance(days(8));
    assert_eq!(look(&world).await.failed, 0);
    for team in [&well, &pending, &off, &suspended] {
        assert!(told(&world, team).await.iter().all(|count| *count == 0));
    }
    // Turned on again, the owners are told at once: a week has passed.
    let app = world.app.clone();
    let unit = SwitchDigest { app, account: off.id, wanted: Switch::On, principal: world.proven(off.owner) };
    world.app.db.run(unit).await.unwrap();
    look(&world).await;
    assert_eq!(told(&world, &off).await, [1, 0]);
    assert_eq!(mailed(&world, &off, "digest_switched").await, [2, 0], "owners hear of either");
}

async fn an_outage_is_made_up_for_once(test: TestDb) {
    let world = World::new(test);
    let team = world.account("recommended", 1).await;
    world.advance(days(40));
    look(&world).await;
    look(&world).await;
    assert_eq!(told(&world, &team).await, [1, 0]);
}

/// One whose policy nobody can read, more behind it than fit into one batch, and a good one at the end.
async fn one_that_fails_hides_no_other(test: TestDb) {
    let world = World::new(test);
    let broken = world.account("recommended", 1).await;
    world.advance(days(1));
    for _ in 0..BATCH {
        world.pending_account("recommended", 0, &serde_json::json!({})).await;
    }
    world.advance(days(1));
    let good = world.account("recommended", 1).await;
    world.script("update accounts set policy = '{}' where id = (select id from accounts order by id limit 1)").await;
    world.advance(days(8));
    let all = usize::try_from(BATCH).unwrap() + 2;
    assert_eq!(look(&world).await, Swept { looked_at: all, failed: 1 });
    assert_eq!((told(&world, &broken).await, told(&world, &good).await), (vec![0, 0], vec![1, 0]));
    assert_eq!(look(&world).await, Swept { looked_at: 1, failed: 1 }, "only that one is tried again");
}
