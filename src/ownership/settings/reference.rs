//! The reference of a child account: a project number, a contract, whatever its parent files it under.

use crate::ownership::{preset::Reference, refusal::Refusal};

/// The longest reference, in characters.
pub const LONGEST_REFERENCE: usize = 80;

/// A child's reference as somebody typed it, without white space around it; none if they typed none and need none.
///
/// # Errors
/// [`Refusal::ReferenceMissing`] and [`Refusal::ReferenceLength`].
pub fn check_reference(rule: Reference, typed: Option<&str>) -> Result<Option<String>, Refusal> {
    let reference = typed.map(str::trim).filter(|text| !text.is_empty());
    match (reference, rule) {
        (None, Reference::Mandatory) => Err(Refusal::ReferenceMissing),
        (None, Reference::Optional) => Ok(None),
        (Some(text), Reference::Mandatory | Reference::Optional) => {
            let fits = text.chars().count() <= LONGEST_REFERENCE && !text.chars().any(char::is_control);
            if fits { Ok(Some(text.to_owned())) } else { Err(Refusal::ReferenceLength { most: LONGEST_REFERENCE }) }
        }
    }
}
