//! `audit verify` on what is sealed: the tree over all accounts' entries, its checkpoints, and what was kept elsewhere.

use std::{collections::BTreeSet, sync::Arc};

use quorate::{
    activity::log::{
        checkpoint::Checkpoint,
        note::{Note, Verifier},
        tree::{extends, includes},
    },
    app::{
        app::App,
        audit::{Findings, verify},
        audit_log::Kept,
        seal::{BATCH, RotateLogKey, Seal},
        view::log::{checkpoint, keys, seal},
    },
    hash::Hash,
    jobs::seal::sweep,
    store::{
        checkpoints,
        entries::{self, Filter},
        log_tree,
        tx::Backend,
    },
};
use tokio_util::sync::CancellationToken;

use super::{
    audit::{app, literal, tamper, two_accounts},
    place::Place,
};
use crate::harness::{TestDb, on_both};

on_both!(
    what_is_recorded_is_sealed,
    each_key_vouches_for_the_next,
    a_key_that_cannot_be_opened_seals_nothing,
    many_entries_are_sealed_in_batches,
    several_seal_at_once,
    tampering_with_what_is_sealed_is_found,
    a_log_that_was_rewritten_is_not_the_one_that_was_kept
);

async fn seal_all(app: &App) {
    sweep(app, &CancellationToken::new()).await.unwrap();
}

async fn look(app: &App) -> Findings {
    verify(&app.db, None, &Kept::default(), Arc::new(|_| ())).await.unwrap()
}

async fn last_note(app: &App) -> Note {
    checkpoint(app).await.unwrap().unwrap().note.parse().unwrap()
}

fn said(note: &Note) -> Checkpoint {
    note.text().parse().unwrap()
}

async fn what_is_recorded_is_sealed(test: TestDb) {
    let app = app(&test);
    assert_eq!(checkpoint(&app).await.unwrap(), None);
    let (first, _) = two_accounts(&app).await;
    assert_eq!(log_tree::backlog(&mut test.db.read().await.unwrap()).await.unwrap().waiting, 6);
    assert_eq!(look(&app).await.sealed.entries, 0);
    seal_all(&app).await;
    let found = look(&app).await;
    assert!(found.whole(), "{found:?}");
    assert_eq!((found.entries, found.sealed.entries, found.sealed.checkpoints), (6, 6, 1));
    let backlog = log_tree::backlog(&mut test.db.read().await.unwrap()).await.unwrap();
    assert_eq!((backlog.waiting, backlog.oldest), (0, None));

    let note = last_note(&app).await;
    let key: Verifier = keys(&app).await.unwrap()[0].key.parse().unwrap();
    assert!(key.vouches_for(&note));
    assert_eq!(said(&note).origin.as_str(), "quorate.example/log");
    let mut tx = test.db.read().await.unwrap();
    for seq in 1..=3 {
        let place = seal(&mut tx, first, seq).await.unwrap().unwrap();
        let line =
            &entries::list(&mut tx, first, &Filter::default(), 10).await.unwrap()[usize::try_from(seq).unwrap() - 1];
        let path: Vec<Hash> = place.path.iter().map(|hash| hash.parse().unwrap()).collect();
        assert!(includes(&line.hash().unwrap(), place.leaf, 6, &path, &said(&note).root), "{seq}");
    }
    assert_eq!(seal(&mut tx, first, 4).await.unwrap(), None);
    drop(tx);

    // More of them: the tree of the checkpoint before is the beginning of the one now.
    two_accounts(&app).await;
    seal_all(&app).await;
    let later = said(&last_note(&app).await);
    let tiles = log_tree::tiles_after(&mut test.db.read().await.unwrap(), None, 10).await.unwrap();
    let mut all = quorate::activity::log::tiles::Tiles::default();
    for (place, hashes) in tiles {
        all.insert(place, hashes);
    }
    let path = all.consistency(6, later.size).unwrap().unwrap();
    assert!(extends((6, &said(&note).root), (later.size, &later.root), &path));
    let kept = Kept { checkpoint: Some(note), key: Some(key), root: None };
    let found = verify(&app.db, Some(first), &kept, Arc::new(|_| ())).await.unwrap();
    assert!(found.whole(), "{found:?}");
    let root = Some((later.size, later.root));
    let found = verify(&app.db, None, &Kept { root, ..Kept::default() }, Arc::new(|_| ())).await.unwrap();
    assert!(found.whole(), "{found:?}");
    // Nothing waits, and nothing is signed again.
    seal_all(&app).await;
    assert_eq!(look(&app).await.sealed.checkpoints, 2);
}

async fn each_key_vouches_for_the_next(test: TestDb) {
    let app = app(&test);
    two_accounts(&app).await;
    seal_all(&app).await;
    let next = app.db.run(RotateLogKey { app: app.clone() }).await.unwrap();
    assert_eq!((next.number, next.first_checkpoint), (2, 2));
    let again = app.db.run(RotateLogKey { app: app.clone() }).await.unwrap();
    assert_eq!(again.verifier, next.verifier, "a key that has signed nothing is as good as another");
    assert!(look(&app).await.whole());
    let mut vouched = Vec::new();
    for _ in 0..2 {
        two_accounts(&app).await;
        seal_all(&app).await;
        let note = last_note(&app).await;
        let by: Vec<bool> = keys(&app)
            .await
            .unwrap()
            .iter()
            .map(|key| key.key.parse::<Verifier>().unwrap().vouches_for(&note))
            .collect();
        vouched.push(by);
    }
    assert_eq!(vouched, [[true, true], [false, true]]);
    let found = look(&app).await;
    assert!(found.whole(), "{found:?}");
    let other = app.clone();
    let pinned = Kept { key: Some(next.verifier), ..Kept::default() };
    assert!(verify(&other.db, None, &pinned, Arc::new(|_| ())).await.unwrap().whole());
}

async fn a_key_that_cannot_be_opened_seals_nothing(test: TestDb) {
    let mut app = app(&test);
    two_accounts(&app).await;
    seal_all(&app).await;
    two_accounts(&app).await;
    app.secret = quorate::secret::ServerSecret::generate(&quorate::secret::Chance::seeded(8));
    assert!(sweep(&app, &CancellationToken::new()).await.is_err());
    assert_eq!(look(&app).await.sealed.entries, 6, "nothing is sealed, and nothing is lost");
    app.db.run(RotateLogKey { app: app.clone() }).await.unwrap();
    seal_all(&app).await;
    let found = look(&app).await;
    assert!(found.whole(), "{found:?}");
    assert_eq!(found.sealed.entries, 12);
    let vouch =
        |key: &quorate::app::view::log::LogKeyView, note: &Note| key.key.parse::<Verifier>().unwrap().vouches_for(note);
    let (all, note) = (keys(&app).await.unwrap(), last_note(&app).await);
    assert!(!vouch(&all[0], &note) && vouch(&all[1], &note), "the lost key vouches for nothing");
}

/// Entries that no use case wrote; sealing reads their hashes only.
async fn plenty(test: &TestDb, app: &App, count: i64) {
    let (first, second) = two_accounts(app).await;
    let numbers = match test.db.backend() {
        Backend::Sqlite => format!(
            "(with recursive n(n) as (select 4 union all select n + 1 from n where n < {count}) select n from n)"
        ),
        Backend::Postgres => format!("(select n from generate_series(4, {count}) n)"),
    };
    let hash = match test.db.backend() {
        Backend::Sqlite => "randomblob(32)",
        Backend::Postgres => "sha256(cast(n as text)::bytea)",
    };
    for account in [first, second] {
        let (account, no) = (literal(test, account), if test.db.backend() == Backend::Sqlite { "0" } else { "false" });
        let at = if test.db.backend() == Backend::Sqlite { "1700000000000000" } else { "to_timestamp(1700000000)" };
        test.script(&format!(
            "insert into activity (account_id, seq, at, kind, owners, body, hash) select {account}, n, {at}, 'x', {no}, '', {hash} from {numbers} q"
        ))
        .await;
    }
}

async fn many_entries_are_sealed_in_batches(test: TestDb) {
    let app = app(&test);
    plenty(&test, &app, 1300).await;
    let sealed = app.db.run(Seal { app: app.clone() }).await.unwrap();
    assert_eq!(i64::try_from(sealed).unwrap(), BATCH);
    seal_all(&app).await;
    let found = look(&app).await;
    assert_eq!((found.sealed.entries, found.sealed.checkpoints), (2600, 3));
    assert_eq!(found.sealed.problems, [], "the tiles, roots and signatures are right");
    let mut tx = test.db.read().await.unwrap();
    let leaves: Vec<(quorate::id::AccountId, i64, i64)> =
        tx.sql("select account_id, seq, leaf from log_leaves order by account_id, seq").all().await.unwrap();
    for pair in leaves.windows(2) {
        assert!(pair[0].0 != pair[1].0 || pair[0].2 < pair[1].2, "an account's entries keep their order");
    }
    let distinct: BTreeSet<_> = leaves.iter().map(|(_, _, leaf)| *leaf).collect();
    assert_eq!((distinct.len(), distinct.first(), distinct.last()), (2600, Some(&0), Some(&2599)));
}

async fn several_seal_at_once(test: TestDb) {
    let app = app(&test);
    plenty(&test, &app, 900).await;
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move { app.db.run(Seal { app: app.clone() }).await })
        })
        .collect();
    let mut sealed = 0;
    for run in runs {
        sealed += run.await.unwrap().unwrap();
    }
    assert_eq!(sealed, 1800);
    let found = look(&app).await;
    assert_eq!((found.sealed.problems.clone(), found.sealed.entries), (vec![], 1800));
    assert!(checkpoints::latest(&mut test.db.read().await.unwrap()).await.unwrap().unwrap().number <= 8);
}

/// Statements about what is sealed, and the beginning of what is said of it.
const TAMPERING: [(&str, &str); 22] = [
    (
        "update log_leaves set leaf = 90 where leaf = 2; update log_leaves set leaf = 2 where leaf = 3; update log_leaves set leaf = 3 where leaf = 90",
        "entry 3 is not what was sealed as leaf 3",
    ),
    ("delete from log_leaves where leaf = 4", "the leaf 4 of the log is no entry any more; entry 2 is neither sealed"),
    (
        "update log_leaves set seq = 9 where leaf = 5",
        "the leaf 5 of the log is no entry any more; entry 3 is neither sealed",
    ),
    ("insert into log_leaves select 12, account_id, 9 from log_leaves where leaf = 0", "entry 9 was sealed as leaf 12"),
    (
        "insert into log_unsealed select account_id, seq from log_leaves where leaf = 1",
        "the leaf 1 of the log is no entry any more; entry 2 is neither sealed",
    ),
    ("insert into log_unsealed select account_id, 9 from log_leaves where leaf = 1", "entry 9 is neither sealed"),
    ("delete from log_unsealed where seq = 2", "entry 2 is neither sealed"),
    (
        "update log_tiles set hashes = $FLIPPED where level = 0",
        "checkpoint 1 of the log does not fit its entries: what was sealed up to entry 6 was changed; checkpoint 2 of the log",
    ),
    ("update log_tiles set hashes = $SHORTER where level = 0", "the tile 0/0 of the log is missing"),
    ("delete from log_tiles", "the tile 0/0 of the log is missing"),
    ("delete from log_checkpoints where number = 1", "there is no checkpoint 1 of the log"),
    (
        "delete from log_checkpoints where number = 2",
        "the log records 12 entries and 2 checkpoints, and the last checkpoint is number 1 over 6",
    ),
    ("update log_checkpoints set number = 3 where number = 2", "there is no checkpoint 2 of the log"),
    ("update log_checkpoints set size = 5 where number = 1", "checkpoint 1 of the log was changed"),
    (
        "update log_checkpoints set root = (select hash from activity where seq = 1 limit 1) where number = 1",
        "checkpoint 1 of the log was changed",
    ),
    (
        "update log_checkpoints set note = (select note from log_checkpoints where number = 2) where number = 1",
        "checkpoint 1 of the log was changed",
    ),
    (
        "update log_checkpoints set note = replace(note, 'quorate.example/log\n', 'another.example/log\n') where number = 1",
        "checkpoint 1 of the log was changed",
    ),
    (
        "update log_checkpoints set note = replace(note, '\u{2014} quorate', '\u{2014} another') where number = 1",
        "checkpoint 1 of the log is not signed by the key that was in force",
    ),
    (
        "update log_keys set public_key = (select hash from activity where seq = 1 limit 1)",
        "checkpoint 1 of the log is not signed by the key that was in force",
    ),
    ("update log_keys set number = 2", "key 1 of the log is missing"),
    ("update log_keys set first_checkpoint = 2", "key 1 of the log is missing"),
    ("update log_head set size = 11", "checkpoint 2 of the log does not fit its entries"),
];

async fn tampering_with_what_is_sealed_is_found(test: TestDb) {
    let mut missed = Vec::new();
    for (statements, expected) in TAMPERING {
        let place = test.bare_sibling().await;
        quorate::store::schema::migrate(&place.db).await.unwrap();
        let app = app(&place);
        // Sealed in two turns, and a third that waits.
        for turn in 0..3 {
            two_accounts(&app).await;
            if turn < 2 {
                seal_all(&app).await;
            }
        }
        assert!(look(&app).await.whole());
        let (flipped, shorter) = match place.db.backend() {
            Backend::Sqlite => ("cast(substr(hashes, 33) || substr(hashes, 1, 32) as blob)", "substr(hashes, 33)"),
            Backend::Postgres => {
                ("substring(hashes from 33) || substring(hashes from 1 for 32)", "substring(hashes from 33)")
            }
        };
        tamper(&place, &statements.replace("$FLIPPED", flipped).replace("$SHORTER", shorter)).await;
        let found = look(&app).await;
        let told: Vec<_> = found
            .sealed
            .problems
            .iter()
            .map(ToString::to_string)
            .chain(found.problems.values().map(ToString::to_string))
            .collect();
        let told = told.join("; ");
        if !told.starts_with(expected) {
            missed.push((statements, told));
        }
        place.db.close().await;
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

async fn a_log_that_was_rewritten_is_not_the_one_that_was_kept(test: TestDb) {
    let app = app(&test);
    let (first, _) = two_accounts(&app).await;
    seal_all(&app).await;
    let kept = last_note(&app).await;
    // Whoever has the server's secret too takes an entry away, and has all of it sealed anew.
    let account = literal(&test, first);
    tamper(
        &test,
        &format!(
            "delete from log_checkpoints; delete from log_leaves; delete from log_tiles; update log_head set size = 0, checkpoints = 0;
             delete from activity_personal where account_id = {account} and seq = 3;
             delete from activity where account_id = {account} and seq = 3;
             update accounts set head_seq = 2, head_hash = (select hash from activity where account_id = {account} and seq = 2) where id = {account};
             insert into log_unsealed select account_id, seq from activity"
        ),
    )
    .await;
    seal_all(&app).await;
    let found = look(&app).await;
    assert!(found.whole(), "the control: without what was kept nobody sees it: {found:?}");
    let against = |checkpoint| Kept { checkpoint: Some(checkpoint), ..Kept::default() };
    let found = verify(&app.db, None, &against(kept.clone()), Arc::new(|_| ())).await.unwrap();
    assert_eq!(
        found.sealed.problems[0].to_string(),
        "the log was rewritten: it is not the one of which the checkpoint over 6 entries was kept"
    );
    // An alert has the size and the root without the signature, and finds it as well.
    let of_alert = |size| Kept { root: Some((size, said(&kept).root)), ..Kept::default() };
    let found = verify(&app.db, None, &of_alert(6), Arc::new(|_| ())).await.unwrap();
    assert!(found.sealed.problems[0].to_string().starts_with("the log was rewritten"), "{found:?}");
    let forged: Note = kept.to_string().replace("6\n", "5\n").parse().unwrap();
    let found = verify(&app.db, None, &against(forged), Arc::new(|_| ())).await.unwrap();
    assert_eq!(found.sealed.problems[0].to_string(), "the checkpoint that was kept is not signed by a key of this log");
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    let found = verify(&app.db, None, &Kept { key: Some(key), ..Kept::default() }, Arc::new(|_| ())).await.unwrap();
    assert!(found.sealed.problems[0].to_string().starts_with("the key that was given is none of this log's keys"));
}

#[test]
fn the_commands_tell_what_is_published() {
    let place = Place::installed();
    place.run(&["audit", "checkpoint"]).refused(1, "nothing has been sealed yet");
    assert_eq!(place.run(&["audit", "keys"]).out, "no keys yet; the first one is made when something is sealed\n");
    let rotated = place.json(&["audit", "rotate-key"]);
    let keys = place.json(&["audit", "keys"]);
    assert_eq!(keys[0], rotated);
    let key = rotated["key"].as_str().unwrap();
    assert_eq!(place.run(&["audit", "verify", "--key", key]).code, Some(0));
    place.run(&["audit", "verify", "--key", "x"]).refused(2, "a key of a log is written");
    place.run(&["audit", "verify", "--checkpoint", "nowhere.txt"]).refused(2, "cannot be read");
    place.run(&["audit", "verify", "--sealed", "6"]).refused(2, "with a colon between");
    let other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let said = place.run(&["audit", "verify", "--key", other]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("none of this log's keys"), "{}", said.out);
}
