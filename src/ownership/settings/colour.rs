//! A colour, and in which colour text on it can be read.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::ownership::refusal::Refusal;

/// A colour, written as `#rrggbb` in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    pub(super) red: u8,
    pub(super) green: u8,
    pub(super) blue: u8,
}

/// The colour of text on a coloured ground. The better of the two always has a contrast of at least 4.5 to 1, which is
/// what WCAG 2.2 asks of text (level AA): no colour is so middling that neither could be read on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOn {
    /// White text.
    White,
    /// Black text.
    Black,
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };
    /// Black.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };

    /// The colour in which text on this one is read best.
    #[must_use]
    pub fn text_on(self) -> TextOn {
        if self.contrast(TextOn::White) >= self.contrast(TextOn::Black) { TextOn::White } else { TextOn::Black }
    }

    /// The contrast of such text on this colour, in hundredths: 450 is 4.5 to 1.
    #[must_use]
    pub fn contrast(self, text: TextOn) -> u32 {
        self.contrast_with(match text {
            TextOn::White => Self::WHITE,
            TextOn::Black => Self::BLACK,
        })
    }

    /// The contrast of one colour on another, in hundredths.
    #[must_use]
    pub fn contrast_with(self, other: Self) -> u32 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + ONE / 20) * 100 / (one.min(other) + ONE / 20)
    }

    /// Relative luminance as in WCAG 2.2, from 0 to [`ONE`].
    fn luminance(self) -> u32 {
        let linear = |part: u8| u32::from(LINEAR.get(usize::from(part)).copied().unwrap_or(u16::MAX));
        (2126 * linear(self.red) + 7152 * linear(self.green) + 722 * linear(self.blue)) / 10_000
    }
}

/// The luminance of white.
const ONE: u32 = 65_535;

/// What the eye makes of each value of a part: the sRGB curve, white being 65535.
const LINEAR: [u16; 256] = [
    0, 20, 40, 60, 80, 99, 119, 139, 159, 179, 199, 219, 241, 264, 288, 313, 340, 367, 396, 427, 458, 491, 526, 562,
    599, 637, 677, 718, 761, 805, 851, 898, 947, 997, 1048, 1101, 1156, 1212, 1270, 1330, 1391, 1453, 1517, 1583, 1651,
    1720, 1790, 1863, 1937, 2013, 2090, 2170, 2250, 2333, 2418, 2504, 2592, 2681, 2773, 2866, 2961, 3058, 3157, 3258,
    3360, 3464, 3570, 3678, 3788, 3900, 4014, 4129, 4247, 4366, 4488, 4611, 4736, 4864, 4993, 5124, 5257, 5392, 5530,
    5669, 5810, 5953, 6099, 6246, 6395, 6547, 6700, 6856, 7014, 7174, 7335, 7500, 7666, 7834, 8004, 8177, 8352, 8528,
    8708, 8889, 9072, 9258, 9445, 9635, 9828, 10022, 10219, 10417, 10619, 10822, 11028, 11235, 11446, 11658, 11873,
    12090, 12309, 12530, 12754, 12980, 13209, 13440, 13673, 13909, 14146, 14387, 14629, 14874, 15122, 15371, 15623,
    15878, 16135, 16394, 16656, 16920, 17187, 17456, 17727, 18001, 18277, 18556, 18837, 19121, 19407, 19696, 19987,
    20281, 20577, 20876, 21177, 21481, 21787, 22096, 22407, 22721, 23038, 23357, 23678, 24002, 24329, 24658, 24990,
    25325, 25662, 26001, 26344, 26688, 27036, 27386, 27739, 28094, 28452, 28813, 29176, 29542, 29911, 30282, 30656,
    31033, 31412, 31794, 32179, 32567, 32957, 33350, 33745, 34143, 34544, 34948, 35355, 35764, 36176, 36591, 37008,
    37429, 37852, 38278, 38706, 39138, 39572, 40009, 40449, 40891, 41337, 41785, 42236, 42690, 43147, 43606, 44069,
    44534, 45002, 45473, 45947, 46423, 46903, 47385, 47871, 48359, 48850, 49344, 49841, 50341, 50844, 51349, 51858,
    52369, 52884, 53401, 53921, 54445, 54971, 55500, 56032, 56567, 57105, 57646, 58190, 58737, 59287, 59840, 60396,
    60955, 61517, 62082, 62650, 63221, 63795, 64372, 64952, 65535,
];

impl FromStr for Colour {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let wrong = || Refusal::NotAColour { text: text.chars().take(20).collect() };
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(wrong)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let number = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
