//! When owners hear of wrong tries: of the first at once, of the others with their number an hour after that.

use quorate::{
    moment::Moment,
    ownership::key_tries::{Hear, TELL_EVERY, Untold, one_more},
};

use crate::harness::world::MICROSECOND;

#[test]
fn owners_hear_at_once_and_then_once_an_hour() {
    let told_at = Moment::from_micros(1_764_000_000_000_000);
    assert_eq!(one_more(None, told_at), Hear::Now { tries: 1 });
    let (quiet, loud) = (Untold { tries: 0, told_at }, Untold { tries: 6, told_at });
    let due = told_at.after(TELL_EVERY);
    assert_eq!((quiet.due_at(), loud.due_at()), (None, Some(due)));
    for (before, tries) in [(quiet, 1), (loud, 7)] {
        assert_eq!(one_more(Some(before), due.before(MICROSECOND)), Hear::Later { tries, at: due });
        assert_eq!(one_more(Some(before), due), Hear::Now { tries });
    }
    // A clock that was set back makes nobody hear more often.
    assert_eq!(one_more(Some(quiet), told_at.before(TELL_EVERY)), Hear::Later { tries: 1, at: due });
}
