//! The two characters at the end of each line, by which a typing error is found in the line in which it was made.
//!
//! A line has ten characters of the key and two that are computed from them. All twelve together fulfil two equations in the
//! field with 32 elements: their *sum* is the number of the line, and their *weighted sum*, each character times another power of
//! x, is what binds the lines of one sheet together ([`Binding`]). Whatever changes one or two characters of a line breaks at
//! least one of them: one wrong character changes the sum; two that were swapped, wherever they stand, keep the sum and change the
//! weighted sum. A line in another's place has the wrong sum, always. A line of another sheet is found 31 times out of 32.

use super::symbol::Symbol;

/// What the weighted sums of a sheet's lines are: nothing for the first line, and for the others the last character of the
/// first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Binding(Symbol);

impl Binding {
    /// Of the first line.
    pub const FIRST: Self = Self(Symbol::of(0));

    /// Of the other lines: the last character of the first.
    #[must_use]
    pub const fn to(last_of_first: Symbol) -> Self {
        Self(last_of_first)
    }
}

/// The two sums of a line.
#[derive(Clone, Copy)]
pub struct Sums {
    plain: Symbol,
    weighted: Symbol,
}

impl Sums {
    /// Of a line, or of its beginning.
    #[must_use]
    pub fn of(symbols: &[Symbol]) -> Self {
        let nothing = Self { plain: Symbol::of(0), weighted: Symbol::of(0) };
        symbols.iter().fold(nothing, |sums, symbol| Self {
            plain: sums.plain.plus(*symbol),
            weighted: sums.weighted.times_x().plus(*symbol),
        })
    }

    /// The line that it says it is, if it is one.
    #[must_use]
    pub const fn line(self) -> u8 {
        self.plain.bits()
    }

    /// Whether the line belongs to that sheet, with its characters in their order.
    #[must_use]
    pub fn fits(self, binding: Binding) -> bool {
        self.weighted == binding.0
    }

    /// The two characters that complete a line of which these are the sums so far.
    #[must_use]
    pub const fn checks(self, line: u8, binding: Binding) -> [Symbol; 2] {
        // Two equations: first + last = line + plain, and x·first + last = binding + x²·weighted.
        let plain = self.plain.plus(Symbol::of(line));
        let weighted = self.weighted.times_x().times_x().plus(binding.0);
        let first = plain.plus(weighted).over_x_and_one();
        [first, plain.plus(first)]
    }
}
