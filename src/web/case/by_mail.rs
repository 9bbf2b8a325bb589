//! What a case's page says of voting by a mail of one's own, to whom it would work for.

use crate::{
    app::view::dossier::Dossier,
    inbound::sentence::sentence,
    mail::plain_text,
    recovery::{
        case::Opener,
        terms::{Kind, Route},
    },
};

/// How the reader can approve by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByMail {
    /// From which address: their own.
    pub from: String,
    /// Where it goes.
    pub to: String,
    /// What it says.
    pub sentence: String,
}

/// How the reader can approve by mail; nothing where such a mail would not count.
#[must_use]
pub fn by_mail(dossier: &Dossier) -> Option<ByMail> {
    let (to, case) = (dossier.votes_go_to.as_ref()?, &dossier.case);
    let by_vote = case.terms.route == Route::Vote && matches!(case.opener, Opener::Administrator(_));
    let ([owner], Kind::Replace, true) = (case.terms.owners.as_slice(), case.terms.kind, by_vote) else { return None };
    let reader = dossier.people.get(&dossier.reader?)?;
    Some(ByMail {
        from: plain_text::address(&reader.address),
        to: to.to_string(),
        sentence: sentence(owner, &case.terms.nominee)?,
    })
}
