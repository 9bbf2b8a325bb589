//! A server that must not be trusted gets neither a mail nor a password, and the operator is told why.

use quorate::mail::smtp::{Postman, Settings};

use crate::{
    cli::place::Place,
    harness::postfix::{PASSWORD, Postfix},
};

fn sender() -> lettre::Address {
    "quorate@example.org".parse().unwrap()
}

/// What a conversation with those settings ends with, and what the server saw of it.
async fn refused(server: &Postfix, settings: Settings) -> (String, String) {
    let port = settings.port;
    let answer = Postman::new(settings).unwrap().try_out(&sender()).await.unwrap_err();
    let seen = server.goodbye().await;
    assert!(!seen.contains("auth=") && !seen.contains("mail="), "port {port}: {seen}");
    (answer, seen)
}

#[tokio::test]
async fn without_tls_nothing_is_said() {
    let Some(server) = Postfix::start() else { return };
    let (answer, seen) = refused(&server, server.settings(server.ports.clear)).await;
    let told = "starting TLS failed, this server offers no TLS here, choose another `smtp.port` or `smtp.tls`";
    assert!(answer.starts_with(told), "{answer}");
    assert!(seen.contains("ehlo=1"), "{seen}");
    // The server would have taken the password.
    let settings = Settings { tls: quorate::mail::smtp::Tls::None, ..server.settings(server.ports.clear) };
    assert_eq!(Postman::new(settings).unwrap().try_out(&sender()).await, Ok(()));
}

#[tokio::test]
async fn a_certificate_of_nobody_we_know_is_refused() {
    let Some(server) = Postfix::start() else { return };
    let settings = Settings { authorities: None, ..server.settings(server.ports.starttls) };
    let (answer, _) = refused(&server, settings).await;
    let told = "starting TLS failed, nobody whom we trust vouches for its certificate, name who does in `smtp.ca_file`";
    assert!(answer.starts_with(told), "{answer}");
}

#[tokio::test]
async fn a_certificate_with_another_name_is_refused() {
    let Some(server) = Postfix::start() else { return };
    let (answer, _) = refused(&server, server.settings(server.ports.misnamed)).await;
    let told = "starting TLS failed, its certificate bears another name, write that one as `smtp.host`";
    assert!(answer.starts_with(told) && answer.contains("mail.example.net"), "{answer}");
}

#[tokio::test]
async fn the_doctor_says_what_to_mend() {
    let Some(server) = Postfix::start() else { return };
    let place = Place::installed();
    let right = server.table(server.ports.starttls);
    let other_password = right.replace(PASSWORD, "another password");
    let nobody = right.lines().filter(|line| !line.starts_with("ca_file")).collect::<Vec<_>>().join("\n");
    for (table, verdict, words) in [
        (right, "ok", "takes our mails"),
        (other_password, "fail", "the mail server refused our sign-in (535), check the user and the password"),
        (nobody, "fail", "`smtp.ca_file`"),
        (server.table(server.ports.misnamed), "fail", "`smtp.host`"),
        (server.table(server.ports.clear), "fail", "STARTTLS"),
    ] {
        let config = place.write("quorate.toml", &table);
        let said = place.run(&["doctor", "--config", config.to_str().unwrap()]);
        let line = said.out.lines().find(|line| line.contains("mail server: ")).unwrap();
        assert!(line.starts_with(verdict) && line.contains(words), "{table}\n{}", said.out);
        assert_eq!(said.code, Some(i32::from(verdict == "fail")));
    }
}
