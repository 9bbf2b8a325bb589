//! Why a mail does not count, as its sender reads it.
//!
//! A reason is kept as the rules say it, also where another part of the service does, and with exact moments, as programs and the
//! operator get it. Whoever wrote the mail reads moments as in every other mail.

use super::{plain_text, wording::sentence};
use crate::{moment::Moment, zone::Zone};

/// The reason, with its moments in the zone of its reader.
pub(super) fn why(reason: &str, zone: &Zone) -> String {
    let quoted = plain_text::quotation(reason).join(" ");
    let words: Vec<String> = quoted.split(' ').map(|word| as_read(word, zone)).collect();
    sentence(&words.join(" "))
}

/// A word; a moment that stands there exactly, with or without a mark behind it, as people write moments.
fn as_read(word: &str, zone: &Zone) -> String {
    let plain: String = word.chars().filter(|letter| *letter != plain_text::JOINER).collect();
    let exact = plain.trim_end_matches([',', ';', '.', ')']);
    match exact.parse::<Moment>() {
        Ok(moment) if moment.to_string() == exact => {
            format!("{}{}", zone.when(moment), plain.strip_prefix(exact).unwrap_or_default())
        }
        Ok(_) | Err(_) => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::refused::{Flaw, Refused};

    #[test]
    fn moments_are_written_as_the_reader_lives_them() {
        let (at, berlin): (Moment, Zone) =
            ("2026-11-22T14:05:09.5Z".parse().unwrap(), "Europe/Berlin".parse().unwrap());
        let rules =
            "enough codes were mailed for now; the next one goes out from 2026-11-22T14:05:09.500000Z".to_owned();
        for reason in [
            Refused::TooOld { written_at: at },
            Refused::FromTheFuture { written_at: at },
            Refused::BeforeTheCase { opened_at: at },
            Refused::from(Flaw::Expired { at }),
            Refused::from(Flaw::FromTheFuture { at }),
            Refused::Rules { code: "code", sentence: rules },
        ] {
            let exact = reason.to_string();
            assert!(exact.contains("2026-11-22T14:05:09.500000Z"), "{exact}");
            for (zone, written) in [
                (&berlin, "Sunday 22 November 2026, 15:05 UTC+1"),
                (&Zone::default(), "Sunday 22 November 2026, 14:05 UTC"),
            ] {
                let read = why(&exact, zone);
                assert_eq!(read, sentence(&exact.replace("2026-11-22T14:05:09.500000Z", written)));
            }
        }
    }

    #[test]
    fn nothing_else_is_changed() {
        for (reason, read) in [
            ("from 2026-11-22 on", "From 2026-11-22 on"),
            ("from 2026-11-22T14:05:09Z on", "From 2026-11-22T14:\u{2060}05:\u{2060}09Z on"),
            ("the `x.example` of (9.500000Z)", "The `x.\u{2060}example` of (9.\u{2060}500000Z)"),
            ("", ""),
        ] {
            assert_eq!(why(reason, &Zone::default()), read);
        }
    }
}
