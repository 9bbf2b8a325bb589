//! The record of a key that signs mails, as a domain publishes it (RFC 6376, 3.6.1).

use super::{
    signature::{Algorithm, Signature},
    tags::{joined, tags},
};

/// A key that may be used for a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The text of the record.
    pub text: String,
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoKey {
    /// There is no record, or not one.
    Missing,
    /// It was revoked.
    Revoked,
    /// The domain only tries it out.
    Testing,
    /// It is not for this signature.
    Unfit,
}

impl Record {
    /// The key for a signature among the texts at its name.
    ///
    /// # Errors
    /// Why there is none.
    pub fn find(texts: &[String], signature: &Signature<'_>) -> Result<Self, NoKey> {
        let mut records =
            texts.iter().filter_map(|text| Some((text, tags(text).filter(|tags| tags.contains_key("p"))?)));
        let (Some((text, tags)), None) = (records.next(), records.next()) else { return Err(NoKey::Missing) };
        let value = |name: &str| tags.get(name).map(|value| joined(value));
        let among = |name: &str, wanted: &[&str]| {
            value(name).is_none_or(|list| list.split(':').any(|word| wanted.contains(&word)))
        };
        let flags = value("t").unwrap_or_default();
        let has = |flag: &str| flags.split(':').any(|word| word == flag);
        let kind = match signature.algorithm {
            Algorithm::RsaSha256 | Algorithm::RsaSha1 => "rsa",
            Algorithm::Ed25519Sha256 => "ed25519",
            Algorithm::Unknown => return Err(NoKey::Unfit),
        };
        let version = value("v").is_none_or(|version| version == "DKIM1" && text.trim_start().starts_with('v'));
        if value("p").is_none_or(|key| key.is_empty()) {
            return Err(NoKey::Revoked);
        }
        if has("y") {
            return Err(NoKey::Testing);
        }
        let fits = version
            && value("k").as_deref().unwrap_or("rsa") == kind
            && among("h", &["sha256"])
            && among("s", &["*", "email"])
            && (!has("s") || signature.identity == signature.domain);
        if fits { Ok(Self { text: text.clone() }) } else { Err(NoKey::Unfit) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::header::Field;

    fn find(texts: &[&str], identity: &str) -> Result<(), NoKey> {
        let value = format!(" v=1; a=rsa-sha256; d=example.org; s=mail; h=From; bh=YQ==; b=Yg==;{identity}\r\n");
        let signature = Signature::read(Field { name: "DKIM-Signature", raw: value.as_bytes() }).unwrap();
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        Record::find(&texts, &signature).map(drop)
    }

    #[test]
    fn a_key_is_found_among_other_texts() {
        for good in
            ["v=DKIM1; p=YQ==", "p=YQ==", "v=DKIM1; k=rsa; h=sha1:sha256; s=email; n=new; p=Y Q==", "t=s; p=YQ=="]
        {
            assert_eq!(find(&["v=spf1 -all", good], ""), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_may_not_be_used_is_no_key() {
        for (texts, identity, why) in [
            (&[][..], "", NoKey::Missing),
            (&["v=spf1 -all"], "", NoKey::Missing),
            (&["p=YQ==", "p=Yg=="], "", NoKey::Missing),
            (&["v=DKIM1; p="], "", NoKey::Revoked),
            (&["v=DKIM1; t=y; p=YQ=="], "", NoKey::Testing),
            (&["v=DKIM1; t=s:y; p=YQ=="], "", NoKey::Testing),
            (&["v=DKIM2; p=YQ=="], "", NoKey::Unfit),
            (&["p=YQ==; v=DKIM1"], "", NoKey::Unfit),
            (&["k=ed25519; p=YQ=="], "", NoKey::Unfit),
            (&["h=sha1; p=YQ=="], "", NoKey::Unfit),
            (&["s=tlsrpt; p=YQ=="], "", NoKey::Unfit),
            (&["t=s; p=YQ=="], " i=@mail.example.org", NoKey::Unfit),
        ] {
            assert_eq!(find(texts, identity), Err(why), "{texts:?}");
        }
    }

    #[test]
    fn nothing_is_a_key_for_an_algorithm_that_nobody_knows() {
        let value = b" v=1; a=rsa-md5; d=example.org; s=mail; h=From; bh=YQ==; b=Yg==\r\n";
        let signature = Signature::read(Field { name: "DKIM-Signature", raw: value }).unwrap();
        assert_eq!(Record::find(&["p=YQ==".to_owned()], &signature), Err(NoKey::Unfit));
    }
}
