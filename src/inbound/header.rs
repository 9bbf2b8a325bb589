//! The header of a mail, field by field, read strictly: what two programs could read in two ways is refused.

use super::refused::{Broken, Refused};

/// One field of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'m> {
    /// Its name, as it is spelled.
    pub name: &'m str,
    /// Everything behind the colon, with the CRLF at its end.
    pub raw: &'m [u8],
}

/// How many fields there may be.
const MOST: usize = 500;

/// The header of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header<'m> {
    fields: Vec<Field<'m>>,
    body: &'m [u8],
}

impl<'m> Header<'m> {
    /// Reads the header of a mail whose lines end with CRLF.
    ///
    /// # Errors
    /// [`Refused::Broken`] where it is not one.
    pub fn read(mail: &'m [u8]) -> Result<Self, Refused> {
        let (mut fields, mut rest) = (Vec::new(), mail);
        while !rest.is_empty() {
            if let Some(body) = rest.strip_prefix(b"\r\n") {
                return Self { fields, body }.whole();
            }
            let end = end_of_field(rest);
            let (field, after) = rest.split_at_checked(end).ok_or(Broken::Header)?;
            fields.push(one(field)?);
            if fields.len() > MOST {
                return Err(Broken::Header.into());
            }
            rest = after;
        }
        Self { fields, body: rest }.whole()
    }

    fn whole(self) -> Result<Self, Refused> {
        if self.fields.is_empty() { Err(Broken::Header.into()) } else { Ok(self) }
    }

    /// Every field, from the top.
    pub fn fields(&self) -> &[Field<'m>] {
        &self.fields
    }

    /// What comes after the header.
    #[must_use]
    pub const fn body(&self) -> &'m [u8] {
        self.body
    }

    /// All fields of that name, from the top.
    pub fn all<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = Field<'m>> + 'a {
        self.fields.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).copied()
    }

    /// The field of that name, if there is one.
    ///
    /// # Errors
    /// [`Refused::Twice`] where there are several.
    pub fn one(&self, name: &'static str) -> Result<Option<Field<'m>>, Refused> {
        let mut all = self.all(name);
        match (all.next(), all.next()) {
            (field, None) => Ok(field),
            (_, Some(_)) => Err(Refused::Twice { header: name }),
        }
    }
}

impl Field<'_> {
    /// What it says, in one line.
    #[must_use]
    pub fn text(&self) -> String {
        let unfolded: Vec<u8> = self.raw.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
        String::from_utf8_lossy(&unfolded).trim().to_owned()
    }
}

/// Behind the CRLF that no folded line follows.
fn end_of_field(mail: &[u8]) -> usize {
    let mut end = 0;
    loop {
        let rest = mail.get(end..).unwrap_or_default();
        let Some(line) = rest.windows(2).position(|pair| pair == b"\r\n") else { return mail.len() };
        end += line + 2;
        if !matches!(mail.get(end), Some(b' ' | b'\t')) {
            return end;
        }
    }
}

fn one(field: &[u8]) -> Result<Field<'_>, Refused> {
    let colon = field.iter().position(|byte| *byte == b':').ok_or(Broken::Header)?;
    let (name, rest) = field.split_at_checked(colon).ok_or(Broken::Header)?;
    let raw = rest.split_first().map(|(_, raw)| raw).unwrap_or_default();
    let named = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let told = raw.iter().all(|byte| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\r' | b'\n'));
    // A line of nothing but blanks looks to some programs like the end of the header.
    let blank = raw.split(|byte| *byte == b'\n').skip(1).any(|line| !line.is_empty() && line.trim_ascii().is_empty());
    match std::str::from_utf8(name) {
        Ok(name) if named && told && !blank && raw.ends_with(b"\r\n") => Ok(Field { name, raw }),
        Ok(_) | Err(_) => Err(Broken::Header.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_field_by_field() {
        let mail = b"From: Kim\r\n <kim@example.org>\r\nX: 1\r\nx: 2\r\n\r\nbody\r\n";
        let header = Header::read(mail).unwrap();
        assert_eq!(header.one("from").unwrap().unwrap().text(), "Kim <kim@example.org>");
        assert_eq!(header.body(), b"body\r\n");
        assert_eq!(header.one("X"), Err(Refused::Twice { header: "X" }));
        assert_eq!(header.all("x").count(), 2);
        assert_eq!(header.one("Date"), Ok(None));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_no_header() {
        for bad in [
            &b""[..],
            b"\r\nbody\r\n",
            b" folded: first\r\n\r\n",
            b"From : kim\r\n\r\n",
            b"no colon\r\n\r\n",
            b": no name\r\n\r\n",
            b"From: a\r\n \t\r\nTo: b\r\n\r\n",
            b"From: \x07\r\n\r\n",
            b"From: no end",
            "Fr\u{f6}m: a\r\n\r\n".as_bytes(),
        ] {
            assert_eq!(Header::read(bad), Err(Broken::Header.into()), "{}", String::from_utf8_lossy(bad));
        }
    }
}
