//! A logo: a PNG of a bounded size, looked at without decoding it.
//!
//! Nothing but PNG: an SVG is a document that can hold script. The file must be one whole PNG and nothing else, so that it
//! cannot be a page, an archive and a picture at once.

use crate::ownership::refusal::Refusal;

/// The largest file, in bytes. With a form around it, it stays below what a request may have.
pub const LARGEST_LOGO: usize = 48 * 1024;

/// The widest and the highest picture, in pixels.
pub const WIDEST_LOGO: u32 = 1024;

/// The smallest picture, in pixels, either way.
const NARROWEST: u32 = 16;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture that is shown beside the account's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    png: Vec<u8>,
    width: u32,
    height: u32,
}

impl Logo {
    /// The logo in a file.
    ///
    /// # Errors
    /// [`Refusal::Logo`] with what is wrong.
    pub fn read(file: Vec<u8>) -> Result<Self, Refusal> {
        let wrong = |problem: &'static str| Refusal::Logo { problem };
        if file.len() > LARGEST_LOGO {
            return Err(wrong("the file is larger than 48 KiB; make it smaller"));
        }
        let rest = file.strip_prefix(SIGNATURE).ok_or_else(|| wrong("this is no PNG; save the picture as one"))?;
        let broken = || wrong("this PNG is damaged, or something follows it; save the picture again");
        let mut chunks = Chunks { rest };
        let first = chunks.next().filter(|chunk| chunk.kind == b"IHDR" && chunk.data.len() == 13).ok_or_else(broken)?;
        let size =
            |at: usize| first.data.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        let (width, height) = size(0).zip(size(4)).ok_or_else(broken)?;
        let fits = NARROWEST..=WIDEST_LOGO;
        if !fits.contains(&width) || !fits.contains(&height) {
            return Err(wrong("the picture must be 16 to 1024 pixels wide and high"));
        }
        let mut pixels = false;
        for chunk in chunks.by_ref() {
            match chunk.kind {
                b"IDAT" => pixels = true,
                b"acTL" => return Err(wrong("the picture moves; save one that stands still")),
                b"IEND" if pixels => break,
                _ => {}
            }
        }
        let whole = pixels && chunks.rest.is_empty() && file.ends_with(b"\0\0\0\0IEND\xaeB`\x82");
        if whole { Ok(Self { png: file, width, height }) } else { Err(broken()) }
    }

    /// The file.
    #[must_use]
    pub fn png(&self) -> &[u8] {
        &self.png
    }

    /// Its width in pixels.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// Its height in pixels.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }
}

/// The chunks of a PNG, up to the first that is cut off.
struct Chunks<'a> {
    rest: &'a [u8],
}

struct Chunk<'a> {
    kind: &'a [u8; 4],
    data: &'a [u8],
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Chunk<'a>;

    fn next(&mut self) -> Option<Chunk<'a>> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let (data, rest) = rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_checksum, rest) = rest.split_first_chunk::<4>()?;
        self.rest = rest;
        Some(Chunk { kind, data })
    }
}
