//! The count as a drawing: one mark for each elector, and a line behind as many marks as must approve.
//!
//! Approvals come first, so they fill the place before the line; when they reach it, the quorum is made. What a mark says
//! is told by its shape, and only then by its colour. Whoever does not see the drawing is told the same in a sentence.

use crate::{
    id::UserId,
    mail::{facts::Person, plain_text, wording::count},
    recovery::{
        case::Case,
        quorum::{Count, Weight},
    },
};

/// The drawing, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// Its width, in its own units.
    pub width: u32,
    /// Its height.
    pub height: u32,
    /// How large it may grow, as a class.
    pub size: &'static str,
    /// The marks, in reading order.
    pub marks: Vec<Mark>,
    /// The line behind as many places as must approve.
    pub line: String,
    /// What stands at the line, where there is one row.
    pub line_label: Option<Label>,
    /// `2 of 5 approve; 3 are required.`
    pub told: String,
    /// The same, with everything that the drawing shows.
    pub name: String,
    /// Which shape means what, and how many there are of it.
    pub key: Vec<Key>,
}

/// One elector's mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its left edge.
    pub x: u32,
    /// Its upper edge.
    pub y: u32,
    /// Its shape.
    pub shape: &'static str,
    /// Who, and what they chose.
    pub title: String,
}

/// Words in the drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where they are tied to.
    pub x: u32,
    /// By which of their ends: the words of a line at the right edge stand before it.
    pub anchor: &'static str,
    /// The words.
    pub words: String,
}

/// What a shape means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The shape.
    pub shape: &'static str,
    /// `2 approve`.
    pub words: String,
}

/// Places in a row.
const ROW: usize = 10;
/// The edge of a place.
const PLACE: u32 = 48;
/// The edge of a mark.
const MARK: u32 = 36;
/// Room around the places for the line, and above a single row for its label.
const MARGIN: u32 = 6;
const LABEL: u32 = 22;

/// Draws the count of a case.
#[must_use]
pub fn drawing(case: &Case, name: impl Fn(UserId) -> Option<Person>) -> Drawing {
    let mut weights: Vec<(Weight, UserId)> =
        case.electors.iter().map(|(user, elector)| (Weight::of(case, *user, elector), *user)).collect();
    weights.sort_unstable();
    let columns = weights.len().clamp(1, ROW);
    let rows = weights.len().div_ceil(ROW).max(1);
    let top = if rows == 1 { MARGIN + LABEL } else { MARGIN };
    let required = usize::try_from(case.terms.required).unwrap_or(usize::MAX).min(weights.len());
    let inset = (PLACE - MARK) / 2;
    let marks = weights.iter().enumerate().map(|(place, (weight, user))| {
        let who = name(*user).map_or_else(|| "somebody".to_owned(), |person| plain_text::name(&person.name));
        Mark {
            x: MARGIN + units(place % ROW) + inset,
            y: top + units(place / ROW) + inset,
            shape: shape(*weight),
            title: format!("{who}: {}", says(*weight)),
        }
    });
    let (told, name) = sentences(case, &weights);
    Drawing {
        width: units(columns) + 2 * MARGIN,
        height: units(rows) + top + MARGIN,
        size: match columns {
            0..4 => "few",
            4..8 => "some",
            _ => "many",
        },
        marks: marks.collect(),
        line: line(required, columns, top),
        line_label: (rows == 1).then(|| Label {
            x: MARGIN + units(required),
            anchor: if required == weights.len() { "end" } else { "middle" },
            words: format!("{required} needed"),
        }),
        told,
        name,
        key: key(&weights),
    }
}

/// Down behind the last of the required places. In several rows, along below the rows that are required as a whole first,
/// and along below the rest of the last one, so that all required places lie on one side of it.
fn line(required: usize, columns: usize, top: u32) -> String {
    let (rows, rest) = (required / ROW, required % ROW);
    let (left, right) = (MARGIN, MARGIN + units(columns));
    let (above, below) = (top + units(rows), top + units(rows + 1));
    let x = left + units(rest);
    match (rows, rest) {
        (0, _) => format!("M{x} {}V{}H{left}", top - MARGIN, below + MARGIN / 2),
        (_, 0) => format!("M{right} {above}H{left}"),
        (_, _) => format!("M{right} {above}H{x}V{below}H{left}"),
    }
}

fn sentences(case: &Case, weights: &[(Weight, UserId)]) -> (String, String) {
    let counted = Count::of(case);
    let required = case.terms.required;
    let told = format!(
        "{} of {} {}; {required} {} required.",
        counted.approvals,
        weights.len(),
        if counted.approvals == 1 { "approves" } else { "approve" },
        if required == 1 { "is" } else { "are" },
    );
    let each: Vec<String> = key(weights).into_iter().skip(1).map(|key| key.words).collect();
    let name = if each.is_empty() { told.clone() } else { format!("{told} {}.", each.join(", ")) };
    (told, name)
}

/// The shapes that there are, with how many; approvals always, also when there are none.
fn key(weights: &[(Weight, UserId)]) -> Vec<Key> {
    let all = [Weight::Approves, Weight::Open, Weight::Apart, Weight::Rejects, Weight::Lost];
    let amount = |wanted: Weight| weights.iter().filter(|(weight, _)| *weight == wanted).count();
    let shown = all.into_iter().filter(|weight| *weight == Weight::Approves || amount(*weight) > 0);
    shown.map(|weight| Key { shape: shape(weight), words: amount_of(weight, amount(weight)) }).collect()
}

/// The name of a weight's shape.
#[must_use]
pub const fn shape(weight: Weight) -> &'static str {
    match weight {
        Weight::Approves => "approves",
        Weight::Open => "open",
        Weight::Apart => "apart",
        Weight::Rejects => "rejects",
        Weight::Lost => "lost",
    }
}

const fn says(weight: Weight) -> &'static str {
    match weight {
        Weight::Approves => "approves",
        Weight::Open => "has not voted",
        Weight::Apart => "would be the new owner, so their own ballot does not count",
        Weight::Rejects => "rejects",
        Weight::Lost => "has no ballot any more",
    }
}

fn amount_of(weight: Weight, amount: usize) -> String {
    let one = amount == 1;
    let many = i64::try_from(amount).unwrap_or(i64::MAX);
    match weight {
        Weight::Approves => format!("{amount} {}", if one { "approves" } else { "approve" }),
        Weight::Open => format!("{amount} {} not voted", if one { "has" } else { "have" }),
        Weight::Apart => format!("{} not counted, as the nominee’s own", count(many, "ballot")),
        Weight::Rejects => format!("{amount} {}", if one { "rejects" } else { "reject" }),
        Weight::Lost => format!("{amount} {} no ballot any more", if one { "has" } else { "have" }),
    }
}

fn units(places: usize) -> u32 {
    u32::try_from(places).unwrap_or(u32::MAX).saturating_mul(PLACE)
}
