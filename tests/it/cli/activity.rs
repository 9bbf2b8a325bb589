//! `quorate activity erase`: on a person's request, and not by accident.

use serde_json::Value;

use super::place::Place;

#[test]
fn a_person_is_taken_out_of_the_log_and_it_still_verifies() {
    let place = Place::installed();
    let made = place.json(&["account", "create", "--name", "First", "--owner", "Alex Example <alex@example.org>"]);
    let user = made["owners"][0]["user"].as_str().unwrap().to_owned();

    let asked = place.run(&["activity", "erase", "--user", &user]);
    assert_eq!((asked.code, asked.out.as_str()), (Some(2), ""));
    assert!(asked.err.contains("this would erase 2 values in 1 log for good"), "{}", asked.err);
    assert!(asked.err.contains("--yes"), "{}", asked.err);

    let erased: Value = place.json(&["activity", "erase", "--user", &user, "--yes"]);
    assert_eq!(erased, serde_json::json!({"accounts": 1, "values": 2, "stay": 0}));
    let again = place.run(&["activity", "erase", "--user", &user]);
    assert_eq!((again.code, again.out.as_str()), (Some(0), "erased 0 values in 0 logs\n"), "there is nothing to ask");
    let said = place.run(&["audit", "verify"]);
    assert_eq!(
        (said.code, said.out.as_str()),
        (Some(0), "1 accounts, 2 entries: all verified\n0 of them sealed by 0 checkpoints\n")
    );

    for wrong in [
        vec!["activity", "erase"],
        vec!["activity", "erase", "--user", "alex@example.org"],
        vec!["activity", "erase", "--user", &user, "--recovery-user", "rusr_01h455vb4pex5vsknk084sn02q"],
        vec!["activity", "erase", "--user", &user, "--account", "First"],
    ] {
        let refused = place.run(&wrong);
        assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""), "{wrong:?}: {}", refused.err);
    }
}
