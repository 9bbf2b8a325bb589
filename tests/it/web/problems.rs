//! The list of problems: complete, on its page, and in docs/api.md.

use std::{collections::BTreeSet, fs, path::Path};

use quorate::web::{
    problem_list::{every, table},
    site::Mailbox,
};

use super::site::empty;
use crate::harness::TestDb;

const BEGIN: &str = "<!-- problem codes: begin -->\n";
const END: &str = "<!-- problem codes: end -->\n";

#[test]
fn every_code_in_the_source_is_listed() {
    let mut found = BTreeSet::new();
    for file in [
        "src/recovery/refusal.rs",
        "src/ownership/refusal.rs",
        "src/ownership/identity.rs",
        "src/ownership/credential.rs",
        "src/ownership/sign_on.rs",
        "src/ownership/recovery_user.rs",
        "src/webhook/refusal.rs",
        "src/sign_on/failed.rs",
        "src/app/error.rs",
    ] {
        let text = read(file);
        let (_, rest) = text.split_once("const fn code(").unwrap();
        let (body, _) = rest.split_once("\n    }\n").unwrap();
        found.extend(words_in_quotes(body).map(str::to_owned));
    }
    for file in rust_files(Path::new("src/web")) {
        let text = read(&file);
        for call in text.split("Problem::new(").skip(1).chain(text.split("Self::new(").skip(1)) {
            let arguments = call.split(';').next().unwrap().split("\n    }").next().unwrap();
            found.extend(words_in_quotes(arguments).take(1).map(str::to_owned));
        }
    }
    // A field's code, and no problem's.
    for field in ["invalid_header", "invalid_parameter", "invalid_value"] {
        found.remove(field);
    }
    let listed: BTreeSet<String> = every().iter().map(|problem| problem.code.to_owned()).collect();
    assert_eq!(found, listed);
}

#[test]
fn the_table_in_the_documentation_is_the_generated_one() {
    let text = read("docs/api.md");
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    if std::env::var_os("QUORATE_WRITE_DOCS").is_some() {
        fs::write(root().join("docs/api.md"), format!("{before}{BEGIN}{}{END}{after}", table())).unwrap();
    } else {
        assert!(written == table(), "run this test once with QUORATE_WRITE_DOCS=1, and commit docs/api.md");
    }
}

#[tokio::test]
async fn a_problem_points_to_its_place_on_the_page() {
    let house = empty(TestDb::sqlite().await, Mailbox::Closed);
    let page = house.open("/docs/problems").await;
    assert_eq!(page.status, 200);
    for problem in every() {
        assert!(page.body.contains(&format!("id=\"{}\"", problem.code)), "{}", problem.code);
    }
    let missing = house.call("GET", "/v1/nowhere", "", None).await.json();
    assert_eq!(missing["type"], "/docs/problems#not_found");
}

#[tokio::test]
async fn a_browser_gets_a_page_and_a_program_gets_json() {
    let house = empty(TestDb::sqlite().await, Mailbox::Closed);
    let page = house.open("/nowhere").await;
    assert_eq!((page.status, page.headers["content-type"].to_str().unwrap()), (404, "text/html; charset=utf-8"));
    assert!(page.headers["content-security-policy"].to_str().unwrap().contains("style-src 'self'"));
    assert!(
        page.body.contains("<h1>Not found</h1>") && page.body.contains(page.headers["x-request-id"].to_str().unwrap())
    );
    let json = house.call("GET", "/nowhere", "", None).await;
    assert_eq!((json.status, json.headers["content-type"].to_str().unwrap()), (404, "application/problem+json"));
}

fn words_in_quotes(text: &str) -> impl Iterator<Item = &str> {
    let is_code = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    text.split('"').skip(1).step_by(2).filter(is_code)
}

fn rust_files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if root().join(&path).is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path.display().to_string());
        }
    }
    files
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
