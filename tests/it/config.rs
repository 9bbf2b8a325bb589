//! The configuration: which source counts, what is refused, and that its documentation is true.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use quorate::{
    config::{Config, ConfigError, Database, KEYS, LogFormat, Secret, Sources, Tls, load},
    mail::pace::Limits,
};

/// The key of the examples in RFC 8463.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

const DOCUMENTED: &str = include_str!("../../deploy/quorate.toml");

/// Loads with a file of this text, these variables and flags, and a home directory.
fn load_from(file: &str, variables: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
    let read = |path: &Path| match path.to_str() {
        Some("quorate.toml") => Ok(file.to_owned()),
        Some("/secrets/password") => Ok("from the file\n".to_owned()),
        Some("/secrets/authority") => Ok(include_str!("config/authority.pem").to_owned()),
        Some("/secrets/dkim") => Ok(KEY.to_owned()),
        Some("/secrets/database") => Ok("postgres://u:p@db/q\n".to_owned()),
        _ => Err(io::ErrorKind::NotFound.into()),
    };
    let mut environment = BTreeMap::from([("HOME".to_owned(), "/home/you".to_owned())]);
    environment.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let flags = flags.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    load(&Sources { flags, file: Some("quorate.toml".into()), environment, read: &read })
}

fn problems(file: &str, variables: &[(&str, &str)]) -> String {
    load_from(file, variables, &[]).unwrap_err().to_string()
}

#[test]
fn nothing_at_all_is_a_configuration() {
    let none = |_: &Path| Err(io::ErrorKind::NotFound.into());
    let environment = BTreeMap::from([("XDG_DATA_HOME".to_owned(), "/data".to_owned())]);
    let config = load(&Sources { flags: Vec::new(), file: None, environment, read: &none }).unwrap();
    assert_eq!(config.database, Database::Sqlite("/data/quorate/quorate.db".into()));
    assert_eq!(config.secret_file, PathBuf::from("/data/quorate/secret"));
    assert_eq!(
        (config.listen.to_string().as_str(), config.public_url.as_str()),
        ("127.0.0.1:8400", "http://127.0.0.1:8400")
    );
    assert_eq!(config.smtp, None);
}

#[test]
fn the_documented_defaults_are_the_defaults() {
    let lines: Vec<_> = DOCUMENTED.lines().map(|line| uncomment(line, "#").unwrap_or(line)).collect();
    let uncommented = lines.join("\n");
    assert_ne!(uncommented, DOCUMENTED);
    assert_eq!(load_from(&uncommented, &[], &[]).unwrap(), load_from(DOCUMENTED, &[], &[]).unwrap());
    assert_eq!(load_from(DOCUMENTED, &[], &[]).unwrap(), load_from("", &[], &[]).unwrap());
}

#[test]
fn every_key_is_documented_and_no_other() {
    let mut table = String::new();
    let mut documented = Vec::new();
    for line in DOCUMENTED.lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            table = format!("{name}.");
        } else if let Some(line) = uncomment(line, "# ").or_else(|| uncomment(line, "#")) {
            documented.push(format!("{table}{}", line.split(' ').next().unwrap()));
        }
    }
    assert_eq!(
        documented.into_iter().collect::<std::collections::BTreeSet<_>>(),
        KEYS.iter().map(|key| key.name.to_owned()).collect()
    );
}

/// The `key = value` behind this comment sign.
fn uncomment<'a>(line: &'a str, sign: &str) -> Option<&'a str> {
    let rest = line.strip_prefix(sign)?;
    let (key, _) = rest.split_once(" = ")?;
    key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_').then_some(rest)
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_file() {
    let file = "listen = '127.0.0.1:1'\n[limits]\nbody_bytes = 2048\n[log]\nformat = 'json'";
    let variables =
        [("QUORATE_LISTEN", "127.0.0.1:2"), ("QUORATE_LIMITS_BODY_BYTES", "4096"), ("QUORATE_LOG_FILTER", "")];
    let port = |config: Config| config.listen.port();
    assert_eq!(load_from(file, &[], &[]).map(port), Ok(1));
    assert_eq!(load_from(file, &variables, &[]).map(port), Ok(2));
    let config = load_from(file, &variables, &[("listen", "127.0.0.1:3")]).unwrap();
    assert_eq!((config.listen.port(), config.limits.body, config.log.format), (3, 4096, LogFormat::Json));
    assert_eq!((config.log.filter.as_str(), config.limits.request), ("info", Duration::from_secs(10)));
}

#[test]
fn personal_values_are_kept_for_days_or_for_good() {
    let kept = |file: &str| load_from(file, &[], &[]).map(|config| config.retention.personal_values);
    assert_eq!(kept(""), Ok(None));
    let hours = jiff::SignedDuration::from_hours(730 * 24);
    assert_eq!(kept("[retention]\npersonal_values_days = 730"), Ok(Some(hours)));
    for wrong in ["29", "0", "-1", "36501"] {
        assert!(kept(&format!("[retention]\npersonal_values_days = {wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let file = "colour = 1\nlisten = 'here'\ndata_dri = 'x'\ntrusted_proxies = ['10.0.0.1/8']\n\
                [limits]\nconections = 3\nbody_bytes = 'many'\nrequest_seconds = 0\n[log]\nformat = 'xml'\nfilter = 'a=b=c'";
    insta::assert_snapshot!(problems(file, &[("QUORATE_DATABSE", "x"), ("QUORATE_SMTP_PORT", "http")]), @r"
    `colour`: no such key: take it out
    `data_dri`: no such key: did you mean `data_dir`?
    `limits.body_bytes`: not of the right form in the file: write it as a whole number
    `limits.conections`: no such key: did you mean `limits.connections`?
    `QUORATE_DATABSE`: no such variable: did you mean `QUORATE_DATABASE`?
    `smtp.port`: not of the right form in the environment: write it as a whole number
    `listen`: `here` cannot be used: write an address and a port, like `127.0.0.1:8400`
    `trusted_proxies`: `10.0.0.1/8` cannot be used: write addresses like `10.0.0.1` and ranges like `10.0.0.0/8`, with zeros after the range's bits
    `limits.request_seconds`: `0` is out of range: choose a number from 1 to 3600
    `log.format`: `xml` is not a format: write `text` or `json`
    `log.filter`: `a=b=c` is not a filter: write one like `info` or `info,quorate=debug`
    ");
}

#[test]
fn kubernetes_and_unrelated_variables_are_let_be() {
    let variables = [
        ("QUORATE_PORT", "tcp://10.0.0.1:8400"),
        ("QUORATE_SERVICE_HOST", "10.0.0.1"),
        ("QUORATE_PORT_8400_TCP", "x"),
        ("PATH", "x"),
    ];
    assert_eq!(load_from("", &variables, &[]), load_from("", &[], &[]));
}

#[test]
fn a_file_that_cannot_be_read_or_parsed_is_told_without_its_contents() {
    let shown = problems("[smtp]\npassword = 'hunter2", &[]);
    assert!(shown.contains("quorate.toml") && !shown.contains("hunter2"), "{shown}");
    let error = load_from(
        "",
        &[("QUORATE_SMTP_PASSWORD_FILE", "/nowhere"), ("QUORATE_SMTP_HOST", "h"), ("QUORATE_SMTP_FROM", "a@b.example")],
        &[],
    )
    .unwrap_err();
    assert_eq!(error.problems[0].key, "smtp.password_file");
}

#[test]
fn secrets_are_not_shown() {
    let file = "database = 'postgres://u:hunter2@db/q'\n[smtp]\nhost = 'h'\nusername = 'u'\npassword = 'hunter2'\nfrom = 'a@b.example'";
    let shown = format!("{:?}", load_from(file, &[], &[]).unwrap());
    assert!(shown.contains("[secret]") && !shown.contains("hunter2"), "{shown}");
    let wrong = problems("database = 'mysql://u:hunter2@db/q'\n[smtp]\nurl = 'http://u:hunter2@h'", &[]);
    assert!(wrong.contains("database") && wrong.contains("smtp.url") && !wrong.contains("hunter2"), "{wrong}");
}

#[test]
fn databases() {
    for (url, database) in [
        ("sqlite:q.db", Database::Sqlite("q.db".into())),
        ("sqlite:///var/q%20.db", Database::Sqlite("/var/q%20.db".into())),
        ("postgresql:///q?host=/run/pg", Database::Postgres(Secret::new("postgresql:///q?host=/run/pg"))),
    ] {
        assert_eq!(load_from("", &[], &[("database", url)]).unwrap().database, database);
    }
    assert_eq!(
        load_from("database_file = '/secrets/database'", &[], &[]).unwrap().database,
        Database::Postgres(Secret::new("postgres://u:p@db/q"))
    );
    for bad in ["sqlite:", "sqlite::memory:", "sqlite:a?mode=ro", "q.db", "postgres"] {
        assert!(load_from("", &[("QUORATE_DATABASE", bad)], &[]).is_err(), "{bad}");
    }
}

#[test]
fn addresses_for_browsers() {
    let url = |file: &str| load_from(file, &[], &[]).map(|config| config.public_url);
    assert_eq!(url("public_url = 'https://q.example.org/'").as_deref(), Ok("https://q.example.org"));
    assert_eq!(url("public_url = 'https://example.org/quorate/'").as_deref(), Ok("https://example.org/quorate"));
    assert_eq!(url("listen = '0.0.0.0:80'").as_deref(), Ok("http://127.0.0.1:80"));
    assert_eq!(url("listen = '192.0.2.1:80'").as_deref(), Ok("http://192.0.2.1:80"));
    for bad in ["q.example.org", "ftp://h", "https://u:p@h", "https://h?x", "https://h#x"] {
        assert!(url(&format!("public_url = '{bad}'")).is_err(), "{bad}");
    }
}

#[test]
fn a_mail_server_by_url_or_by_keys() {
    let smtp = |keys: &str| {
        load_from(&format!("[smtp]\nfrom = 'Q <q@example.org>'\n{keys}"), &[], &[]).map(|config| config.smtp.unwrap())
    };
    let by_url = smtp("url = 'smtps://me%40x:p%25%2fw@mail.example.org'").unwrap();
    assert_eq!((by_url.host.as_str(), by_url.port, by_url.tls), ("mail.example.org", 465, Tls::Implicit));
    assert_eq!((by_url.username.as_deref(), by_url.password), (Some("me@x"), Some(Secret::new("p%/w"))));
    let by_keys = smtp("host = 'h'\nusername = 'u'\npassword_file = '/secrets/password'").unwrap();
    assert_eq!((by_keys.port, by_keys.tls, by_keys.password), (587, Tls::Required, Some(Secret::new("from the file"))));
    for (keys, port, tls) in [
        ("url = 'smtp://h:2525'", 2525, Tls::Required),
        ("host = 'h'\nport = 465", 465, Tls::Implicit),
        ("host = 'h'\nport = 465\ntls = 'required'", 465, Tls::Required),
        ("host = 'h'\ntls = 'opportunistic'", 25, Tls::Opportunistic),
        ("host = 'h'\ntls = 'none'\nport = 1025", 1025, Tls::None),
    ] {
        let smtp = smtp(keys).unwrap();
        assert_eq!((smtp.port, smtp.tls), (port, tls), "{keys}");
    }
    let authority = "host = 'h'\nca_file = '/secrets/authority'";
    assert!(smtp(authority).unwrap().authorities.unwrap().starts_with("-----BEGIN CERTIFICATE-----\n"));
    for (keys, words) in [
        ("host = 'h'\nca_file = '/nowhere'", "`smtp.ca_file`: `/nowhere` cannot be read (entity not found)"),
        ("host = 'h'\nca_file = '/secrets/password'", "`smtp.ca_file`: no certificate can be read from the file"),
        (&*format!("{authority}\ntls = 'none'"), "`smtp.ca_file`: without use, because nothing is encrypted"),
        ("ca_file = '/secrets/authority'", "`smtp.ca_file`: given without a mail server"),
    ] {
        let told = smtp(keys).unwrap_err().to_string();
        assert!(told.contains(words), "{keys}: {told}");
    }
    for bad in [
        "",
        "port = 25",
        "url = 'smtp://h'\nhost = 'h'",
        "url = 'smtp://u:p@h'\nusername = 'u'\npassword = 'p'",
        "host = 'h'\nusername = 'u'",
        "host = 'h'\ntls = 'yes'",
        "host = 'h'\nport = 70000",
        "host = 'h'\npassword = 'p'\npassword_file = '/secrets/password'\nusername = 'u'",
    ] {
        assert!(smtp(bad).is_err(), "{bad}");
    }
    assert!(load_from("[smtp]\nhost = 'h'", &[], &[]).is_err());
    // A secret in the environment goes before the file's `…_file`.
    let file = "[smtp]\nhost = 'h'\nfrom = 'q@example.org'\nusername = 'u'\npassword_file = '/secrets/password'";
    let config = load_from(file, &[("QUORATE_SMTP_PASSWORD", "own")], &[]).unwrap();
    assert_eq!(config.smtp.unwrap().password, Some(Secret::new("own")));
}

#[test]
fn mails_are_signed_in_the_name_of_their_sender() {
    let smtp = |keys: &str| {
        let file = format!("[smtp]\nhost = 'h'\nfrom = 'Q <q@Mail.example.org>'\n{keys}");
        load_from(&file, &[], &[]).map(|config| config.smtp.unwrap())
    };
    assert_eq!(smtp("").unwrap().dkim, None);
    let key = "dkim_key_file = '/secrets/dkim'\ndkim_selector = 'one'\n";
    for (more, domain) in [("", "mail.example.org"), ("dkim_domain = 'Example.org'", "example.org")] {
        let dkim = smtp(&format!("{key}{more}")).unwrap().dkim.unwrap();
        assert_eq!((dkim.domain.as_str(), dkim.selector.as_str()), (domain, "one"));
        assert_eq!((dkim.file, dkim.key), (PathBuf::from("/secrets/dkim"), Secret::new(KEY)));
    }
    for (keys, words) in [
        ("dkim_selector = 'one'", "`smtp.dkim_key_file`: missing, while the other is there"),
        ("dkim_key_file = '/secrets/dkim'", "`smtp.dkim_selector`: missing, while the other is there"),
        ("dkim_domain = 'example.org'", "`smtp.dkim_domain`: given without a key"),
        ("dkim_selector = 'one'\ndkim_key_file = '/nowhere'", "`/nowhere` cannot be read (entity not found)"),
        ("dkim_selector = 'one'\ndkim_key_file = '/secrets/password'", "no private key can be read from the file"),
        (&*format!("{key}dkim_domain = 'example.net'"), "`example.net` is not the domain of the sender"),
        (&*format!("{key}dkim_domain = 'ample.org'"), "`ample.org` is not the domain of the sender"),
        ("dkim_selector = 'o ne'\ndkim_key_file = '/secrets/dkim'", "`smtp.dkim_selector`: not a name"),
    ] {
        let told = smtp(keys).unwrap_err().to_string();
        assert!(told.contains(words), "{keys}: {told}");
    }
}

#[test]
fn mails_have_a_return_path_and_a_pace() {
    let smtp = |keys: &str| {
        let file = format!("[smtp]\nhost = 'h'\nfrom = 'q@example.org'\n{keys}");
        load_from(&file, &[], &[]).map(|config| config.smtp.unwrap())
    };
    let plain = smtp("").unwrap();
    assert_eq!((plain.bounces, plain.pace), (None, Limits { at_once: 4, per_minute: 120 }));
    let given = smtp("bounce_address = 'bounces@example.org'\ndomain_at_once = 1\ndomain_per_minute = 9").unwrap();
    assert_eq!(given.bounces.unwrap().to_string(), "bounces@example.org");
    assert_eq!(given.pace, Limits { at_once: 1, per_minute: 9 });
    for bad in [
        "bounce_address = 'bounces+x@example.org'",
        "bounce_address = 'x'",
        "domain_at_once = 0",
        "domain_per_minute = 0",
    ] {
        assert!(smtp(bad).is_err(), "{bad}");
    }
}
