//! `Following are the closing prices of stocks …, sent by the Associated Press
//! over the Federal Wireless:` above a table, wherever it stands.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use memchr::memmem;

use super::super::lines::{head, tail};
use super::{CreditForm, KNOWN_CONFIDENCE, Known, Name, Notice};
use crate::document::Span;

/// How a table came to a paper: sent, which may be misread, or as it says.
const CUES: [&str; 3] = ["ent by ", "furnished by ", "supplied by "];

/// What such tables hold; one of these stands before the cue.
const HELD: [&str; 7] = ["price", "quotation", "market", "figures", "results", "scores", "returns"];

/// Bytes before the cue in which it is looked for, and behind the name in which
/// a colon ends the sentence.
const BEFORE_BYTES: usize = 160;
const BEHIND_BYTES: usize = 60;

static FINDER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(CUES));

/// The credits above tables in `text`.
pub(super) fn find<'t>(text: &'t str, known: Known<'t>, found: &mut Vec<Notice<'t>>) {
    match &*FINDER {
        Some(packed) => {
            let places = packed.find_iter(text).map(|cue| (cue.start(), cue.end()));
            found.extend(places.filter_map(|cue| at(text, cue, known)));
        }
        None => {
            for cue in CUES {
                let places = memmem::find_iter(text.as_bytes(), cue).map(|start| (start, start + cue.len()));
                found.extend(places.filter_map(|cue| at(text, cue, known)));
            }
        }
    }
}

fn at<'t>(text: &'t str, (start, name): (usize, usize), known: Known<'t>) -> Option<Notice<'t>> {
    let (named, length) = known.agencies.leading(&text[name..])?;
    let end = name + length;
    let behind = head(&text[end..], BEHIND_BYTES);
    let mark = behind.find(['.', ';', '!', '?', ':'])?;
    let ends_line = behind[mark + 1..].trim_start_matches([' ', '\r', '-']).starts_with('\n');
    let before = tail(&text[..start], BEFORE_BYTES).to_ascii_lowercase();
    let is_table =
        behind[mark..].starts_with(':') && ends_line && HELD.iter().any(|word| before.contains(word));
    let form = CreditForm::Republished;
    let is_credited = is_table && !named.is_ambiguous && named.is_credited_by(form);
    is_credited.then(|| Notice {
        form,
        names: vec![Name::Agency(named)],
        span: Span::new(word_start(text, start), end),
        confidence: KNOWN_CONFIDENCE,
    })
}

/// Where the word begins that goes on at `at`.
fn word_start(text: &str, at: usize) -> usize {
    let before = tail(&text[..at], BEFORE_BYTES);
    at - (before.len() - before.trim_end_matches(char::is_alphanumeric).len())
}

#[cfg(test)]
mod tests {
    use crate::attribute::credit::find_credits;

    #[test]
    fn tables_are_credited_to_who_sent_them() {
        let page = "the last words of another story, and more of them.\n".repeat(60);
        let table = "Following are the closing prices of\nstocks in Marstow to\nday, sent by the Associated Press over\nthe wireless:\nCalder Ferry 12\n";
        let texts = [
            (table.to_owned(), 1),
            (table.replace("sent", "aent"), 1),
            (table.replace("wireless:", "wireless."), 0),
            (table.replace("closing prices", "letters"), 0),
            (table.replace("sent by the Associated Press", "sent by the owner"), 0),
        ];
        for (table, expected) in texts {
            let credits = find_credits(&format!("{page}{table}{page}"));
            assert_eq!(credits.len(), expected, "{table} {credits:?}");
            assert!(credits.iter().all(|credit| credit.text[1..] == *"ent by the Associated Press"));
        }
    }
}
