//! Printing on standard output, for people or for programs.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::args::Form;

/// Prints data: as JSON where that was asked for, otherwise as `text` writes it.
pub fn print_data<T: Serialize>(
    form: Form,
    data: &T,
    text: impl FnOnce(&T, &mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    print(|out| {
        if form.json {
            serde_json::to_writer_pretty(&mut *out, data)?;
            writeln!(out)
        } else {
            text(data, out)
        }
    })
}

/// Prints what `write` writes, in one go.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()?;
    Ok(())
}
