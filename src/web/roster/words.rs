//! Places on the roster in words.

use crate::{app::view::roster::PlaceView, mail::wording::when, recovery::standing::NoStanding};

/// Why somebody has no standing, as a whole sentence without a subject that could be wrong.
#[must_use]
pub fn why_none(reason: NoStanding) -> String {
    match reason {
        NoStanding::Owner => "Owners act as owners, and do not vote.".to_owned(),
        NoStanding::NotAdministrator => "Not an administrator here, or no longer.".to_owned(),
        NoStanding::NotJoined => "Has not accepted the invitation yet.".to_owned(),
        NoStanding::NeedsConfirmation => {
            "Was not added by an owner: an owner, or more than half of the administrators with standing, must confirm it."
                .to_owned()
        }
        NoStanding::Seasoning { from } => format!("Was added recently: has standing from {} on.", when(from)),
    }
}

/// A place's state in a word, with the kind of badge that shows it.
#[must_use]
pub fn badge(place: &PlaceView) -> (&'static str, &'static str) {
    match (place.state, place.has_standing) {
        ("ending", _) => ("warn", "standing ends"),
        ("contested", _) => ("info", "removal contested"),
        ("proposed", _) => ("warn", "needs confirmation"),
        (_, true) => ("good", "has standing"),
        (_, false) => ("plain", "no standing"),
    }
}

/// What a change under way means, and what would come of it.
#[must_use]
pub fn change_words(place: &PlaceView, needed: u32) -> Vec<String> {
    let have = place.confirmed_by.len();
    let counted = format!("Confirmed by {have} of the {needed} administrators with standing that it takes.");
    let mut words = match place.state {
        "ending" => {
            let until = place.until.map(when).unwrap_or_default();
            vec![format!("Was removed by somebody who is not an owner. Their standing ends on {until}, unless somebody contests it.")]
        }
        "contested" => vec!["The removal is contested: their standing stays until an owner or more than half of the administrators with standing confirm it.".to_owned()],
        "proposed" => vec!["Was added by somebody who is not an owner, so they do not count yet.".to_owned()],
        _ => return Vec::new(),
    };
    words.push(counted);
    words
}
