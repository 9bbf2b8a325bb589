//! The QR code of a sheet, as the path of an SVG picture.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use crate::web::problem::Problem;

/// A QR code, with the quiet zone around it that readers need.
pub struct Picture {
    /// How many of its little squares it is wide, and high.
    pub side: usize,
    /// The dark ones, row by row.
    pub path: String,
}

/// How many squares are left white on each side.
const QUIET: usize = 4;

/// The picture of a text. A quarter of it may be lost, as by a fold or a stain.
///
/// # Errors
/// When the text is too long for one.
pub fn picture(text: &str) -> Result<Picture, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).map_err(Problem::internal)?;
    let (width, squares) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (row, line) in squares.chunks(width).enumerate() {
        let mut at = 0;
        for run in line.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                // Writing into a string does not fail.
                let _ = write!(path, "M{} {}h{}v1h-{}z", at + QUIET, row + QUIET, run.len(), run.len());
            }
            at += run.len();
        }
    }
    Ok(Picture { side: width + 2 * QUIET, path })
}
