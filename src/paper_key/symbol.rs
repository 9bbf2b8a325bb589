//! One character of a paper key: five bits, written in Crockford's base 32, which has no `I`, `L`, `O` and `U`.
//!
//! Who types is forgiven what looks alike: `O` is `0`, `I` and `L` are `1`, and small letters are capital ones. The same five
//! bits are a number of the field with 32 elements, in which the checks of a line are computed.

use zeroize::DefaultIsZeroes;

const LETTERS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The polynomial by which the field is made: x⁵ + x² + 1.
const POLYNOMIAL: u8 = 0b10_0101;

/// One character of a key.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Symbol(u8);

impl DefaultIsZeroes for Symbol {}

impl Symbol {
    /// The lowest five bits.
    #[must_use]
    pub const fn of(bits: u8) -> Self {
        Self(bits & 0b1_1111)
    }

    /// What somebody typed, if it is in the alphabet or looks like something that is.
    #[must_use]
    pub fn typed(letter: char) -> Option<Self> {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let at = LETTERS.iter().position(|known| *known == letter)?;
        u8::try_from(at).ok().map(Self)
    }

    /// The five bits.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// As it is printed.
    #[must_use]
    pub fn letter(self) -> char {
        LETTERS.get(usize::from(self.0)).copied().unwrap_or_default()
    }

    /// The sum in the field, which is also the difference.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }

    /// The product with x, whose powers are all the 31 elements that are not zero.
    #[must_use]
    pub const fn times_x(self) -> Self {
        let doubled = self.0 << 1;
        Self(if doubled > 0b1_1111 { doubled ^ POLYNOMIAL } else { doubled })
    }

    /// The quotient by x + 1, whose inverse is x⁴ + x³ + x².
    #[must_use]
    pub const fn over_x_and_one(self) -> Self {
        let second = self.times_x().times_x();
        let third = second.times_x();
        second.plus(third).plus(third.times_x())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_alike_is_the_same() {
        let same = [('o', '0'), ('O', '0'), ('i', '1'), ('I', '1'), ('l', '1'), ('L', '1'), ('a', 'A'), ('z', 'Z')];
        for (typed, printed) in same {
            assert_eq!(Symbol::typed(typed).unwrap().letter(), printed, "{typed}");
        }
        for foreign in ['u', 'U', '!', 'é', '\u{ff21}', '²'] {
            assert!(Symbol::typed(foreign).is_none(), "{foreign}");
        }
        for bits in 0..32 {
            assert_eq!(Symbol::typed(Symbol::of(bits).letter()).unwrap().bits(), bits);
        }
    }

    #[test]
    fn it_is_a_field() {
        let mut seen = [false; 32];
        let mut power = Symbol::of(1);
        for _ in 0..31 {
            assert!(!std::mem::replace(&mut seen[usize::from(power.bits())], true), "x has an order of 31");
            let product = power.times_x().plus(power);
            assert_eq!(product.over_x_and_one().bits(), power.bits());
            power = power.times_x();
        }
        assert_eq!(power.bits(), 1);
    }
}
