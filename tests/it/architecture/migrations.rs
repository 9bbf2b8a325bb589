//! The two folders of migrations: the same names, numbered without gaps.

use std::{fs, path::Path};

const FOLDERS: [&str; 2] = ["migrations/sqlite", "migrations/postgres"];

fn names(folder: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

fn complaints(sqlite: &[String], postgres: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (here, there, missing_in) in [(sqlite, postgres, "postgres"), (postgres, sqlite, "sqlite")] {
        for name in here.iter().filter(|name| !there.contains(name)) {
            found.push(format!("`{name}` is missing in migrations/{missing_in}"));
        }
    }
    for (at, name) in sqlite.iter().enumerate() {
        if !name.starts_with(&format!("{:04}_", at + 1)) || name.strip_suffix(".sql").is_none() {
            found.push(format!("`{name}` should be called `{:04}_….sql`", at + 1));
        }
    }
    found
}

#[test]
fn both_folders_hold_the_same_migrations() {
    let [sqlite, postgres] = FOLDERS.map(names);
    assert!(!sqlite.is_empty(), "no migrations");
    assert_eq!(complaints(&sqlite, &postgres), Vec::<String>::new());
}

#[test]
fn a_difference_between_the_folders_is_found() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let one = names(&["0001_accounts.sql"]);
    let two = names(&["0001_accounts.sql", "0002_cases.sql"]);
    let gap = names(&["0001_accounts.sql", "0003_cases.sql"]);
    assert_eq!(complaints(&two, &two), Vec::<String>::new());
    assert_eq!(complaints(&two, &one).len(), 1);
    assert_eq!(complaints(&one, &two).len(), 1);
    assert_eq!(complaints(&gap, &gap).len(), 1);
}
