//! Which version of its story a document says it is.
//!
//! Wires say so in the title (`UPDATE 2-…`, `REFILE-…`, `…, 1st Ld-Writethru`),
//! in a note before the first words (`(Adds details)`), or in metadata. A mark
//! orders the versions of one publisher; what two publishers number says
//! nothing about each other. Time is linear in the title and bounded in the
//! text.

use memchr::{memchr_iter, memchr2_iter};

use crate::document::Document;

/// Bytes of a text in which a note of the editors is looked for: it stands
/// before the first words, with a headline and a dateline before it at most.
const NOTE_REACH_BYTES: usize = 400;

/// What a title begins with that is not the first version, before a number
/// or a dash, in lower case.
const TITLE_MARKS: [&str; 11] = [
    "update",
    "wrapup",
    "refile",
    "corrected",
    "correction",
    "correct",
    "recast",
    "rpt",
    "repeat",
    "adds",
    "writethru",
];

/// The numbers of write-throughs, from the first on.
const ORDINALS: [&str; 9] = ["1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th"];

/// What follows the number of a write-through.
const WRITETHRU_WORDS: [&str; 3] = ["ld", "lead", "writethru"];

/// What the note of a later version begins with; in lower case it would be
/// any bracket of a sentence.
const NOTE_MARKS: [&str; 10] = [
    "Adds ",
    "Updates ",
    "Recasts ",
    "Corrects ",
    "Refiles ",
    "Repeats ",
    "Rewrites ",
    "Writes through",
    "Updating ",
    "New throughout",
];

/// The place of a document among the versions of its publisher.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    /// Whether anything says that it is not the first.
    pub(crate) is_later: bool,
    /// Its number, where one is told; the first is 0.
    pub(crate) number: Option<u32>,
}

/// What the title, the beginning of the text and the metadata of a document
/// say.
pub(crate) fn version_of(document: &Document) -> Version {
    let told = document.provenance.as_deref().and_then(|provenance| provenance.version.as_deref());
    let counted = told.and_then(|text| text.trim().parse::<u32>().ok());
    if let Some(number) = counted {
        return Version { is_later: number > 1, number: Some(number.saturating_sub(1)) };
    }
    let title = document.title.as_deref().and_then(of_title);
    title.unwrap_or_else(|| Version { is_later: has_note(&document.text), number: None })
}

/// What of a text [`version_of`] needs: nothing in most.
#[cfg(feature = "arrow")]
pub(crate) fn needed_of(text: &str) -> &str {
    /// Room for the mark of a note that begins at the end of the reach.
    const MARK_BYTES: usize = 32;
    if has_note(text) { &text[..text.floor_char_boundary(NOTE_REACH_BYTES + MARK_BYTES)] } else { "" }
}

/// Which of two documents by one publisher is the later version: positive if
/// it is the second, zero if their marks do not tell.
pub(crate) fn order(a: Version, b: Version) -> i32 {
    match (a.number, b.number) {
        (Some(a), Some(b)) => b.cmp(&a) as i32,
        _ => i32::from(b.is_later) - i32::from(a.is_later),
    }
}

fn of_title(title: &str) -> Option<Version> {
    let title = title.trim_start();
    // Most titles have no mark, which is seen without a copy in small letters.
    let first = title.as_bytes().first()?.to_ascii_lowercase();
    let is_numbered = has_writethru(title);
    if !is_numbered && !TITLE_MARKS.iter().any(|mark| mark.as_bytes()[0] == first) {
        return None;
    }
    let lower = title.to_lowercase();
    if is_numbered {
        // "1st Ld-Writethru", "2nd Lead Writethru", "3rd Writethru".
        let is_followed =
            |at: usize| WRITETHRU_WORDS.iter().any(|word| lower[at..].trim_start().starts_with(word));
        let mut numbered = (1..).zip(ORDINALS);
        let stands =
            |ordinal: &str| lower.match_indices(ordinal).any(|(at, _)| is_followed(at + ordinal.len()));
        if let Some((number, _)) = numbered.find(|(_, ordinal)| stands(ordinal)) {
            return Some(Version { is_later: true, number: Some(number) });
        }
    }
    let mark = TITLE_MARKS.iter().find(|mark| lower.starts_with(**mark))?;
    let rest = lower[mark.len()..].trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = rest[..digits].parse().ok();
    let behind = rest[digits..].trim_start();
    // "Update on the strike" and "Corrected figures show" are plain words.
    behind.starts_with(['-', '–', '—', ':']).then_some(Version { is_later: true, number })
}

/// Whether "writethru" stands in a title, whatever its case.
fn has_writethru(title: &str) -> bool {
    let bytes = title.as_bytes();
    let word = b"writethru";
    let is_it =
        |at: usize| bytes[at..].get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word));
    memchr2_iter(b'w', b'W', bytes).any(is_it)
}

fn has_note(text: &str) -> bool {
    let reach = text.floor_char_boundary(NOTE_REACH_BYTES);
    let mut notes = memchr_iter(b'(', &text.as_bytes()[..reach]).map(|at| &text[at + 1..]);
    notes.any(|note| NOTE_MARKS.iter().any(|mark| note.starts_with(mark)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Provenance;

    fn of(title: &str, text: &str) -> Version {
        version_of(&Document { title: Some(title.into()), text: text.into(), ..Document::default() })
    }

    #[test]
    fn marks_of_later_versions_are_read_and_plain_words_are_not() {
        let (first, later) = (None, |number| Some(number));
        // title, text, what is told
        let cases = [
            ("Ferries cleared", "PORT HALVEN (AP) - Two.", first),
            ("UPDATE 2-Ferries cleared", "", later(Some(2))),
            ("Update 1 - Ferries cleared", "", later(Some(1))),
            ("WRAPUP 3-Ferries cleared", "", later(Some(3))),
            ("REFILE-Ferries cleared", "", later(None)),
            ("CORRECTED-UPDATE 1-Ferries", "", later(None)),
            ("Corrected: Ferries cleared", "", later(None)),
            ("Ferries cleared, 2nd Ld-Writethru", "", later(Some(2))),
            ("AM-Ferries,1st Ld - Writethru,400", "", later(Some(1))),
            ("Update on the ferries", "", first),
            ("Corrected figures show fewer ferries", "", first),
            ("The 1st Ld Mayor", "", first),
            ("", "(Adds two ships cleared)\n\nPORT HALVEN - Two.", later(None)),
            ("", "PORT HALVEN (AP) - (Updates with comment) Two.", later(None)),
            ("", "Ferries (adds to the woe) sail.", first),
            ("", "(Adds", first),
        ];
        for (title, text, told) in cases {
            let found = of(title, text);
            let expected = told.map_or(Version::default(), |number| Version { is_later: true, number });
            assert_eq!(found, expected, "{title:?} {text:?}");
        }
    }

    #[test]
    fn versions_are_ordered_by_number_and_by_being_marked_at_all() {
        let metadata = |version: &str| {
            let provenance = Provenance { version: Some(version.into()), ..Provenance::default() };
            version_of(&Document { provenance: provenance.boxed(), ..Document::default() })
        };
        let plain = of("Ferries", "");
        let cases = [
            (plain, plain, 0),
            (plain, of("REFILE-Ferries", ""), 1),
            (of("UPDATE 1-Ferries", ""), of("UPDATE 2-Ferries", ""), 1),
            (of("UPDATE 3-Ferries", ""), of("UPDATE 2-Ferries", ""), -1),
            (of("UPDATE 3-Ferries", ""), of("REFILE-Ferries", ""), 0),
            (metadata("1"), metadata("3"), 1),
            (metadata("1"), plain, 0),
        ];
        for (a, b, expected) in cases {
            assert_eq!((order(a, b), order(b, a)), (expected, -expected), "{a:?} {b:?}");
        }
    }
}
