//! The table of rules. A row names what is forbidden where, why, and a control: a text that breaks it.
//!
//! An exception is a path (a folder ends in `/`) and its reason; one that nothing needs any more is an error.

use super::{
    shape::{self, Finding},
    source::Source,
};

/// One rule of the house.
pub struct Rule {
    pub name: &'static str,
    /// Why, and what to do instead.
    pub why: &'static str,
    /// The files it reads: these, and everything in these folders.
    pub inside: &'static [&'static str],
    pub except: &'static [(&'static str, &'static str)],
    pub check: Check,
    /// A file that breaks the rule: where it would lie, and its text.
    pub control: (&'static str, &'static str),
}

/// What a rule looks for.
pub enum Check {
    /// None of these words before the tests.
    Words(&'static [&'static str]),
    /// None of these words anywhere in the file.
    WordsAndInTests(&'static [&'static str]),
    /// What needs a closer look.
    Shape(fn(&Source) -> Vec<Finding>),
}

const PURE: &[&str] =
    &["src/recovery/", "src/ownership/", "src/paper_key/", "src/activity/", "src/inbound/", "src/webhook/"];

pub const RULES: &[Rule] = &[
    Rule {
        name: "the core is pure",
        why: "what decides takes `now`, chance and state as arguments, and does nothing",
        inside: PURE,
        except: &[],
        check: Check::Words(&[
            "async",
            "await",
            "sqlx",
            "axum",
            "tokio",
            "lettre",
            "tracing",
            "reqwest",
            "hyper",
            "tower",
            "rand",
            "anyhow",
            "clap",
            "std::env",
            "std::fs",
            "std::io",
            "std::net",
            "std::process",
            "std::thread",
            "std::time",
            "Timestamp::now",
            "Zoned::now",
            "now_v7",
            "new_v4",
        ]),
        control: ("src/recovery/decide.rs", "use std::{fmt, time::SystemTime};\n"),
    },
    Rule {
        name: "the core has one order",
        why: "a hash map's order differs from run to run: use BTreeMap and BTreeSet",
        inside: PURE,
        except: &[],
        check: Check::Words(&["HashMap", "HashSet", "RandomState"]),
        control: ("src/ownership/role.rs", "use std::collections::HashMap;\n"),
    },
    Rule {
        name: "people are counted in whole numbers",
        why: "more than half is decided by exact fractions",
        inside: PURE,
        except: &[],
        check: Check::Words(&["f32", "f64"]),
        control: ("src/recovery/quorum.rs", "fn share(part: u32, all: u32) -> f64 { 0.0 }\n"),
    },
    Rule {
        name: "the core knows nothing around it",
        why: "the way of a request is one direction: web, app, core, store",
        inside: PURE,
        except: &[],
        check: Check::Words(&[
            "crate::app",
            "crate::store",
            "crate::web",
            "crate::mail",
            "crate::jobs",
            "crate::cli",
            "crate::config",
            "crate::clock",
            "crate::secret",
        ]),
        control: ("src/activity/chain.rs", "use crate::{id::CaseId, store::Tx};\n"),
    },
    Rule {
        name: "the store knows no use case",
        why: "a store function gets what it needs and returns domain types; whoever calls it decides",
        inside: &["src/store/"],
        except: &[],
        check: Check::Words(&["crate::app", "crate::web", "crate::jobs", "crate::cli"]),
        control: ("src/store/case.rs", "fn save() { crate::app::act::act(); }\n"),
    },
    Rule {
        name: "a use case knows no face",
        why: "pages, API, command line and jobs call the same verb: it cannot know which",
        inside: &["src/app/"],
        except: &[],
        check: Check::Words(&["crate::web", "crate::jobs", "crate::cli", "axum", "clap"]),
        control: ("src/app/act.rs", "use crate::{\n    web::{error::Error},\n};\n"),
    },
    Rule {
        name: "mail, web and jobs stand side by side",
        why: "what two of them need belongs below them",
        inside: &["src/mail/"],
        except: &[],
        check: Check::Words(&["crate::web", "crate::jobs", "crate::cli", "axum"]),
        control: ("src/mail/smtp.rs", "use crate::jobs::deliver;\n"),
    },
    Rule {
        name: "nothing calls the command line",
        why: "it is the outermost face",
        inside: &["src/web/", "src/jobs/"],
        except: &[],
        check: Check::Words(&["crate::cli", "clap"]),
        control: ("src/web/server.rs", "use crate::cli::Printer;\n"),
    },
    Rule {
        name: "the web asks use cases",
        why: "a handler authenticates, calls one verb of src/app, and shows its answer",
        inside: &["src/web/"],
        except: &[],
        check: Check::Words(&["crate::store", "sqlx"]),
        control: ("src/web/case/open/api.rs", "use crate::store::case;\n"),
    },
    Rule {
        name: "one door for change",
        why: "a case changes through app::act and nowhere else",
        inside: &["src/"],
        except: &[("src/app/act.rs", "it is the door"), ("src/store/cases.rs", "defines the function")],
        check: Check::WordsAndInTests(&["save_case", "case::save"]),
        control: ("src/jobs/deadlines.rs", "fn expire() { case::save(); }\n"),
    },
    Rule {
        name: "one place speaks to the database",
        why: "one SQL text for both, and no statement outside a unit of work: go through src/store",
        inside: &["src/"],
        except: &[("src/store/", "it is the place")],
        check: Check::Words(&[
            "sqlx",
            "Db::Sqlite",
            "Db::Postgres",
            "Tx::Sqlite",
            "Tx::Postgres",
            "is_sqlite",
            "is_postgres",
        ]),
        control: ("src/app/invite.rs", "match db { Db::Sqlite(_) => one(), Db::Postgres(_) => other() }\n"),
    },
    Rule {
        name: "one place has SQL",
        why: "statements stand in src/store, where every one of them runs on both databases in the tests",
        inside: &["src/"],
        except: &[("src/store/", "it is the place")],
        check: Check::Shape(shape::sql_text),
        control: ("src/cli/doctor.rs", "const COUNT: &str = r#\"\n  select count(*) from account\"#;\n"),
    },
    Rule {
        name: "one clock",
        why: "`now` is an argument, so that tests stand still and decisions can be replayed",
        inside: &["src/", "tests/it/"],
        except: &[("src/clock.rs", "it is the clock")],
        check: Check::WordsAndInTests(&[
            "SystemTime::now",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "now_v7",
            ".elapsed(",
        ]),
        control: ("src/app/invite.rs", "fn now() -> Timestamp { jiff::Timestamp::now() }\n"),
    },
    Rule {
        name: "one source of chance",
        why: "the generator is an argument, so that ids and secrets are stable in tests",
        inside: &["src/", "tests/it/"],
        except: &[("src/secret.rs", "it is the source")],
        check: Check::WordsAndInTests(&[
            "rand::rng",
            "rand::random",
            "rand::fill",
            "rand::make_rng",
            "ThreadRng",
            "SysRng",
            "getrandom",
            "new_v4",
        ]),
        control: ("src/app/invite.rs", "use rand::{Rng, rng};\n"),
    },
    Rule {
        name: "one place speaks with passkeys",
        why: "what a passkey answers is checked where the standard is, and nowhere else",
        inside: &["src/"],
        except: &[("src/passkey/", "it is the place")],
        check: Check::Words(&["webauthn_rs_core"]),
        control: ("src/app/add_passkey.rs", "use webauthn_rs_core::WebauthnCore;\n"),
    },
    Rule {
        name: "one place speaks with identity providers",
        why: "what a provider says is checked where the standard is",
        inside: &["src/"],
        except: &[("src/sign_on/", "it is the place")],
        check: Check::Words(&["openidconnect"]),
        control: ("src/app/sign_on.rs", "use openidconnect::IssuerUrl;\n"),
    },
    Rule {
        name: "one place calls strangers",
        why: "where those may be whom an account's owners name, how long they may take and how much they may say is bounded there",
        inside: &["src/"],
        except: &[("src/outside/", "it is the place")],
        check: Check::Words(&["rustls_native_certs", "lookup_host", "Policy::none"]),
        control: ("src/jobs/webhooks.rs", "async fn find() { tokio::net::lookup_host(name).await; }\n"),
    },
    Rule {
        name: "no state beside the database",
        why: "several replicas run: what must be remembered is a row, what must be shared is passed",
        inside: &["src/"],
        except: &[],
        check: Check::Words(&["static mut", "thread_local!", "OnceLock", "OnceCell", "LazyLock", "LazyCell"]),
        control: ("src/app/invite.rs", "static DB: std::sync::OnceLock<u8> = std::sync::OnceLock::new();\n"),
    },
    Rule {
        name: "the API's types are plain",
        why: "an untagged or flattened type has errors that nobody understands, and unknown fields slip through",
        inside: &["src/web/"],
        except: &[],
        check: Check::Words(&["serde(untagged", "serde(flatten"]),
        control: ("src/web/case/open/api.rs", "#[serde(untagged)]\nenum Body {}\n"),
    },
    Rule {
        name: "no unfinished business",
        why: "finish it, or leave it out and write it down",
        inside: &["src/", "tests/it/"],
        except: &[],
        check: Check::WordsAndInTests(&["todo!", "unimplemented!", "#[ignore", "dbg!"]),
        control: ("tests/it/case.rs", "#[test]\n#[ignore = \"slow\"]\nfn votes() {}\n"),
    },
    Rule {
        name: "no quiet exceptions",
        why: "write `#[expect(lint, reason = \"…\")]`: it says why, and goes away with its cause",
        inside: &["src/", "tests/it/"],
        except: &[],
        check: Check::WordsAndInTests(&["#[allow(", "#![allow(", ", allow("]),
        control: ("src/app/invite.rs", "#[allow(dead_code)]\nfn unused() {}\n"),
    },
    Rule {
        name: "no sleeping tests",
        why: "wait for what must happen, or move the frozen clock",
        inside: &["tests/it/"],
        except: &[(
            "tests/it/story/stage.rs",
            "looks again and again at what other processes do, for a minute at most",
        )],
        check: Check::WordsAndInTests(&["thread::sleep", "time::sleep", "sleep_until"]),
        control: ("tests/it/case.rs", "async fn votes() { tokio::time::sleep(length).await; }\n"),
    },
    Rule {
        name: "no sideways paths",
        why: "two steps up and down again is a path that begins with `crate::`",
        inside: &["src/"],
        except: &[],
        check: Check::Words(&["super::super"]),
        control: ("src/recovery/decide.rs", "use super::super::store;\n"),
    },
    Rule {
        name: "no test switch in what is delivered",
        why: "what is tested is what runs: `#[cfg(test)]` stands only on `mod tests`, which ends the file",
        inside: &["src/"],
        except: &[],
        check: Check::Shape(shape::test_switch),
        control: ("src/secret.rs", "#[cfg(not(test))]\nfn real() {}\n"),
    },
    Rule {
        name: "files of a readable length",
        why: "split it by what the product does; a reasoned exception stands here",
        inside: &["src/"],
        except: &[],
        check: Check::Shape(shape::too_long),
        control: ("src/app/act.rs", LONG),
    },
    Rule {
        name: "maps are maps",
        why: "mod.rs and lib.rs hold `mod`, `use` and documentation: logic has a file with a name",
        inside: &["src/lib.rs", "mod.rs"],
        except: &[],
        check: Check::Shape(shape::more_than_a_map),
        control: ("src/app/mod.rs", "//! Use cases.\n\nmod act;\n#[cfg(test)]\nmod tests;\n\npub fn run() {}\n"),
    },
    Rule {
        name: "every file says what it is for",
        why: "begin it with `//!`: purpose and edge",
        inside: &["src/", "tests/it/"],
        except: &[],
        check: Check::Shape(shape::no_module_docs),
        control: ("src/app/invite.rs", "// Invites.\nuse std::fmt;\n"),
    },
    Rule {
        name: "no drawer for everything",
        why: "name the file after what the product does",
        inside: &["src/", "tests/it/"],
        except: &[],
        check: Check::Shape(shape::vague_name),
        control: ("src/web/utils.rs", "//! Things.\n"),
    },
];

/// 401 lines of code.
const LONG: &str = {
    const LINE: &[u8] = b"//\n";
    const BYTES: [u8; LINE.len() * (shape::LONGEST + 1)] = {
        let mut bytes = [0; LINE.len() * (shape::LONGEST + 1)];
        let mut at = 0;
        while at < bytes.len() {
            bytes[at] = LINE[at % LINE.len()];
            at += 1;
        }
        bytes
    };
    match std::str::from_utf8(&BYTES) {
        Ok(text) => text,
        Err(_) => "",
    }
};
