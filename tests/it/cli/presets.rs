//! Presets of the operator's own: read at the start, and whatever is wrong with them said there.

use std::fs;

use super::place::Place;

const ALEX: &str = "Alex Example <alex@example.org>";
const RECOMMENDED: &str = include_str!("../../../src/ownership/presets/recommended.toml");

/// A preset called `ours`, made from the recommended one.
fn ours() -> String {
    RECOMMENDED
        .replace("name = \"recommended\"", "name = \"ours\"")
        .replace("preset = \"recommended\"", "preset = \"ours\"")
        .replace("reference = \"optional\"", "reference = \"mandatory\"")
}

#[test]
fn an_operator_adds_a_preset_and_accounts_below_an_account() {
    let place = Place::installed();
    let directory = place.data_dir().join("presets");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("ours.toml"), ours()).unwrap();
    fs::write(directory.join("README"), "files that end otherwise are none of ours").unwrap();
    let with = [("QUORATE_PRESETS_DIR", directory.to_str().unwrap())];
    let create = |extra: &[&str]| {
        let args = [&["account", "create", "--json", "--name", "Example", "--owner", ALEX], extra].concat();
        place.run_in(&with, &args)
    };
    place.run(&["account", "create", "--name", "x", "--owner", ALEX, "--preset", "ours"]).refused(2, "`/preset`");
    let made = create(&["--preset", "ours"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let made: serde_json::Value = serde_json::from_str(&made.out).unwrap();
    let id = made["account"]["id"].as_str().unwrap();
    assert_eq!(made["account"]["preset"], "ours");
    assert_eq!(made["children"]["reference"], "mandatory");
    // Below it, once it has begun.
    create(&["--parent", id]).refused(1, "not active yet");
    create(&["--parent", "acct_01h455vb4pex5vsknk084sn02q"]).refused(1, "there is no account");
    create(&["--parent", "Example"]).refused(2, "is not an id");

    // Without the file the service does not start, because there is an account of it.
    let gone = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    gone.refused(2, "there are accounts of the preset `ours`, and no such preset is there");
    assert!(gone.err.contains("help: put their files back"), "{}", gone.err);
}

#[test]
fn whatever_is_wrong_is_told_at_once() {
    let place = Place::installed();
    let directory = place.data_dir().join("presets");
    let with = [("QUORATE_PRESETS_DIR", directory.to_str().unwrap())];
    let serve = || place.run_in(&with, &["serve", "--listen", "127.0.0.1:0"]);
    serve().refused(2, "cannot be read");
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("ours.toml"), ours().replace("first_role = \"administrator\"", "first_role = \"king\""))
        .unwrap();
    fs::write(directory.join("theirs.toml"), "name = 3").unwrap();
    let said = serve();
    said.refused(2, "`first_role`");
    for words in ["ours", "theirs", "line 1", "help: mend the files"] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    // Neither does anything else, nor a new installation.
    place.run_in(&with, &["account", "list"]).refused(2, "`first_role`");
    let doctor = place.run_in(&with, &["doctor"]);
    assert!(doctor.code == Some(1) && doctor.out.contains("first_role"), "{} {}", doctor.out, doctor.err);
}

#[test]
fn an_account_is_created_below_another() {
    let place = Place::installed();
    let create = ["account", "create", "--name", "Example", "--owner", ALEX];
    let made = place.json(&[&create[..], &["--preset", "account-and-customers", "--reference", "P-17"]].concat());
    let (id, customer) =
        (made["account"]["id"].as_str().unwrap(), made["account"]["customers"][0]["id"].as_str().unwrap());
    let shown = place.json(&["account", "show", customer]);
    assert_eq!((&shown["account"]["parent"], &shown["account"]["reference"]), (&made["account"]["id"], &"P-17".into()));
    let told = place.run(&["account", "show", customer]).out;
    assert!(told.contains(&format!("below          {id}")) && told.contains("reference      P-17"), "{told}");
    let listed = place.run(&["account", "list"]).out;
    assert!(listed.contains(&format!("below {id}")), "{listed}");
    place.run(&[&create[..], &["--parent", customer]].concat()).refused(1, "no accounts can stand below this one");
    let told = place.run(&[&create[..], &["--preset", "account-and-customers"]].concat()).out;
    assert!(told.contains("created with   acct_"), "{told}");
}
