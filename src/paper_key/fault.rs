//! What is wrong with a key as somebody typed it, so said that they find it on the sheet.

use std::fmt;

use super::form::{ACROSS, LINES};

/// Why what was typed is no key. There is at least one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub Vec<Fault>);

/// One thing that is wrong. Lines are counted from 1, as on the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was typed.
    Nothing,
    /// The line has a character that no key has.
    Letter {
        /// The line.
        line: u8,
        /// The character.
        letter: char,
    },
    /// The line is too short or too long.
    Length {
        /// The line.
        line: u8,
        /// How many characters it has.
        has: usize,
    },
    /// The line is as long as it should be, and one or more of its characters are wrong.
    Mistyped {
        /// The line.
        line: u8,
    },
    /// The line is missing.
    Missing {
        /// The line.
        line: u8,
    },
    /// The line was typed more than once.
    Repeated {
        /// The line.
        line: u8,
    },
    /// All lines are right, and this one stands elsewhere.
    Misplaced {
        /// Where it stands.
        line: u8,
        /// Which line it is.
        is: u8,
    },
    /// There are fewer or more lines, and which of them are wrong cannot be told.
    Count {
        /// How many there are.
        lines: usize,
    },
    /// All was typed in one, and it is too short or too long. The line is the first that is not right.
    Run {
        /// The line.
        line: u8,
        /// How many characters there are.
        has: usize,
    },
    /// The first line is right, and none of the others belongs to it.
    TwoSheets,
}

impl Fault {
    /// The line that it is about, if it is about one.
    #[must_use]
    pub const fn line(self) -> Option<u8> {
        match self {
            Self::Letter { line, .. }
            | Self::Length { line, .. }
            | Self::Mistyped { line }
            | Self::Missing { line }
            | Self::Repeated { line }
            | Self::Misplaced { line, .. }
            | Self::Run { line, .. } => Some(line),
            Self::Nothing | Self::Count { .. } | Self::TwoSheets => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => {
                write!(f, "type the key as it stands on its sheet: {LINES} lines, each of {ACROSS} characters")
            }
            Self::Letter { line, letter } if letter.eq_ignore_ascii_case(&'u') => {
                write!(f, "line {line} has a `U`, which no key has: it may be a `V`")
            }
            Self::Letter { line, letter } => write!(f, "line {line} has `{}`, which no key has", letter.escape_debug()),
            Self::Length { line, has } => {
                let what = match ACROSS.abs_diff(has) {
                    4 if has < ACROSS => "; a group seems to be missing",
                    4 => "; there seems to be a group too many",
                    _ => "",
                };
                write!(f, "line {line} has {}, and should have {ACROSS}{what}", characters(has))
            }
            Self::Mistyped { line } => {
                write!(f, "line {line} is not as on the sheet: compare it character by character")
            }
            Self::Missing { line } => write!(f, "line {line} is missing"),
            Self::Repeated { line } => write!(f, "line {line} was typed more than once"),
            Self::Misplaced { line, is } => write!(f, "what was typed as line {line} is line {is} of the sheet"),
            Self::Count { lines: 1 } => write!(f, "there is 1 line, and a key has {LINES}"),
            Self::Count { lines } => write!(f, "there are {lines} lines, and a key has {LINES}"),
            Self::Run { line, has } => {
                let all = LINES * ACROSS;
                let what = if has < all { "something is missing" } else { "there is something too much" };
                write!(f, "there are {}, and should be {all}: {what} in line {line}", characters(has))
            }
            Self::TwoSheets => f.write_str("lines 2 to 4 do not belong to line 1: they seem to be from another sheet"),
        }
    }
}

fn characters(count: usize) -> String {
    if count == 1 { "1 character".to_owned() } else { format!("{count} characters") }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Wrong {}
