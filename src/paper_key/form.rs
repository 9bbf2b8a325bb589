//! How a key stands on its sheet: four lines of three groups of four characters.
//!
//! ```text
//! 1   NNNN-NNNN-SScc      N  the number, by which the key is looked up
//! 2   SSSS-SSSS-SScc      S  the secret: 160 bits in 32 characters
//! 3   SSSS-SSSS-SScc      c  the checks of the line
//! 4   SSSS-SSSS-SScc
//! ```

use std::{array, fmt};

use zeroize::Zeroizing;

use super::{
    check::{Binding, Sums},
    symbol::Symbol,
};

/// How many lines a key has.
pub const LINES: usize = 4;

/// How many characters a line has.
pub const ACROSS: usize = 12;

/// How many of them are the key's, and not checks.
pub const OF_THE_KEY: usize = 10;

/// A key as it is printed. Its memory is wiped.
pub struct Sheet([Zeroizing<String>; LINES]);

impl Sheet {
    /// Of the number's and the secret's characters.
    pub(super) fn of(mut all: impl Iterator<Item = Symbol>) -> Self {
        let (mut line, mut binding) = (0, Binding::FIRST);
        Self(array::from_fn(|_| {
            line += 1;
            let mut symbols = Zeroizing::new([Symbol::default(); ACROSS]);
            let (own, checks) = symbols.split_at_mut(OF_THE_KEY);
            own.iter_mut().zip(all.by_ref()).for_each(|(place, symbol)| *place = symbol);
            let computed = Sums::of(own).checks(line, binding);
            checks.copy_from_slice(&computed);
            if line == 1 {
                binding = Binding::to(computed[1]);
            }
            written(symbols.as_slice())
        }))
    }

    /// The lines, each in groups with dashes between them.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|line| line.as_str())
    }

    /// The lines in one, as the QR code has them: capital letters, digits and dashes only, which need the least room there.
    #[must_use]
    pub fn in_one_line(&self) -> Zeroizing<String> {
        self.joined("-")
    }

    /// The lines below each other.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        self.joined("\n")
    }

    fn joined(&self, between: &str) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(80));
        for (at, line) in self.lines().enumerate() {
            if at > 0 {
                text.push_str(between);
            }
            text.push_str(line);
        }
        text
    }
}

impl fmt::Debug for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

fn written(symbols: &[Symbol]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(ACROSS + 2));
    for (at, symbol) in symbols.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            text.push('-');
        }
        text.push(symbol.letter());
    }
    text
}
