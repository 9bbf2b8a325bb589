//! The shades of a colour that pages show: links and buttons that can be read on every ground, in light and in dark.

use super::colour::Colour;

/// The least contrast of text, in hundredths: level AA of WCAG 2.2.
const READABLE: u32 = 450;

/// In how many steps a colour is made darker or lighter.
const STEPS: u32 = 20;

/// How bright the page around is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

/// What links and buttons look like in a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// Links, and the ground of buttons. It can be read on every ground of the pages.
    pub accent: Colour,
    /// The same under the pointer.
    pub strong: Colour,
    /// The text of buttons.
    pub ink: Colour,
}

/// What text stands on in light pages. The stylesheet has the same; a test compares them.
pub const LIGHT_GROUNDS: [Colour; 4] = [rgb(0xf4_f6_f9), rgb(0xff_ff_ff), rgb(0xef_f2_f6), rgb(0xe9_ef_fd)];

/// What text stands on in dark pages.
pub const DARK_GROUNDS: [Colour; 4] = [rgb(0x0e_12_17), rgb(0x16_1b_22), rgb(0x1e_25_2e), rgb(0x16_26_4a)];

impl Shades {
    /// The shades of a colour: the colour itself where it can be read, and otherwise the nearest that can.
    #[must_use]
    pub fn of(colour: Colour, scheme: Scheme) -> Self {
        // What can be read on light ground is dark enough for white text, and the other way round: the text of a button
        // stands out from it at least as much as the button from the page.
        let (grounds, away, ink) = match scheme {
            Scheme::Light => (LIGHT_GROUNDS, Colour::BLACK, Colour::WHITE),
            Scheme::Dark => (DARK_GROUNDS, Colour::WHITE, Colour::BLACK),
        };
        let readable = |shade: &Colour| grounds.iter().all(|ground| shade.contrast_with(*ground) >= READABLE);
        let accent = (0..=STEPS).map(|step| mixed(colour, away, step)).find(readable).unwrap_or(away);
        Self { accent, strong: mixed(accent, away, STEPS / 5), ink }
    }
}

/// A colour, that many steps nearer to another.
fn mixed(from: Colour, to: Colour, step: u32) -> Colour {
    let part = |from: u8, to: u8| {
        let sum = u32::from(from) * (STEPS - step) + u32::from(to) * step;
        u8::try_from(sum / STEPS).unwrap_or(u8::MAX)
    };
    Colour { red: part(from.red, to.red), green: part(from.green, to.green), blue: part(from.blue, to.blue) }
}

/// A colour as it stands in a stylesheet.
const fn rgb(number: u32) -> Colour {
    let [_, red, green, blue] = number.to_be_bytes();
    Colour { red, green, blue }
}
