//! How an account looks: its name for people, its colour, its logo.

use super::{colour::Colour, logo::Logo};
use crate::ownership::refusal::Refusal;

/// The longest name, in characters.
pub const LONGEST_BRAND: usize = 60;

/// How an account looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Branding {
    /// The name shown in place of the account's own.
    pub name: Option<String>,
    /// The colour of what stands at the top of pages and mails.
    pub colour: Option<Colour>,
    /// The picture beside the name.
    pub logo: Option<Logo>,
}

impl Branding {
    /// A name as somebody typed it, without white space around it.
    ///
    /// # Errors
    /// [`Refusal::BrandName`] when it is empty, too long, or holds characters that people do not see.
    pub fn name(text: &str) -> Result<String, Refusal> {
        let name = text.trim();
        let fits = (1..=LONGEST_BRAND).contains(&name.chars().count()) && !name.chars().any(unseen);
        if fits { Ok(name.to_owned()) } else { Err(Refusal::BrandName { most: LONGEST_BRAND }) }
    }
}

/// Controls, and what reverses or hides the letters beside it: a name must not read otherwise than it is written.
fn unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}
