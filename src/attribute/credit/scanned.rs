//! Bylines of scanned pages that no other rule knows: `fBy the Sun Newa
//! Service.)`, `8y Associated Press. '`, `I n tern id ion. il News Service:`,
//! `(Associated Press)` above "Washington, May 24."
//!
//! What is read wrong on a page is letters, spaces, points and brackets alike,
//! so the letters and digits of a line are compared with those of each long
//! name, whatever stands between them. Nothing but a dateline below a line
//! makes it a byline here: a place in capitals, or a place and a date. Most
//! lines have none below them, and so cost a look at the next letter.

use std::sync::LazyLock;

use aho_corasick::packed::Searcher;
use memchr::memmem;

use super::lines::{Line, head, is_before_dateline};
use super::names::Name;
use super::{CreditForm, Finding, HEAD_LINES, Known, Needs, byline};
use crate::attribute::agency::{Named, edits};

/// Bytes of a text that may be a page of several stories; a shorter one has its
/// byline at its head, where other rules look.
const PAGE_BYTES: usize = 4096;
/// Shortest and longest line, in bytes: a name of ten letters, and one with
/// "By the", a role and specks around it.
const BYTES: std::ops::RangeInclusive<usize> = 10..=72;
/// Longest word that may stand for "By".
const MAX_BY_BYTES: usize = 4;
/// Bytes of the next line in which a date is looked for.
const DATE_BYTES: usize = 80;
/// Letters behind a name that may be specks.
const MAX_SPECKS: usize = 3;
/// What may follow a name.
const BEHIND: [&str; 5] = ["staffcorrespondent", "correspondent", "service", "leasedwire", "wire"];

/// A known agency, its letters misread, above a dateline.
const CONFIDENCE: f64 = 0.8;

/// What a page with such bylines has somewhere, since the end of one name at
/// least was read right: "Associated Press", "International News Service".
const LEGIBLE: [&str; 7] =
    ["ted Press", "TED PRESS", "an Press", "Press Serv", "News Serv", "NEWS SERV", "Leased Wire"];

static FINDER: LazyLock<Option<Searcher>> = LazyLock::new(|| Searcher::new(LEGIBLE));

/// Whether `text` may be a page of several stories that names an agency. Few
/// texts may, and in others no line is looked at.
pub(super) fn may_be_page(text: &str) -> bool {
    let holds = |name: &&str| memmem::find(text.as_bytes(), name.as_bytes()).is_some();
    text.len() >= PAGE_BYTES
        && match &*FINDER {
            Some(packed) => packed.find(text).is_some(),
            None => LEGIBLE.iter().any(holds),
        }
}

/// A byline that is all of `line`; `text` is what the line is of.
pub(super) fn parse<'t>(line: &Line<'t>, text: &'t str, known: Known<'t>) -> Option<Finding<'t>> {
    if !BYTES.contains(&line.content.len()) {
        return None;
    }
    if !(line.has_opening || is_above_capital(line, text)) {
        return None;
    }
    let is_whole = is_by_in_brackets(line.content);
    if !is_whole && (!is_before_dateline(line, text) || is_before_date(line, text)) {
        return None;
    }
    if let Some(content) = up_to_wire(line.content) {
        let (named, _) = byline::misread_intro(content, known)?;
        return finding(named, content);
    }
    let content = line.content;
    let words: Vec<&[u8]> = content
        .as_bytes()
        .split(|byte| !byte.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let first = words.first()?;
    let by = usize::from(may_be_by(first));
    let is_article = |word: &&[u8]| word.len() == 3 && word[0].eq_ignore_ascii_case(&b't');
    let article = usize::from(by == 1 && words.get(1).is_some_and(is_article));
    let is_supported = has_brackets(line.content) || by == 1 && first.len() > 1;
    // Above the first story stand mastheads, which name an agency too.
    // "… is given by the⏎Overseas News Agency:" is a sentence.
    let is_alone = !is_supported && (line.nth < HEAD_LINES || line.continues_prose());
    if content.contains('/') || is_alone {
        return None;
    }
    // A letter in front is a speck or belongs to the name.
    let starts = [by + article, 0].into_iter().take(1 + usize::from(first.len() == 1));
    let named = starts.filter_map(|start| {
        let letters = words[start..].concat().to_ascii_lowercase();
        let found = known.agencies.leading_misread(&letters, is_supported)?;
        may_follow(&letters[found.letters..]).then_some(found)
    });
    let named = named.min_by_key(|found| found.edits)?.named;
    finding(named, content)
}

fn finding<'t>(named: Named<'t>, content: &'t str) -> Option<Finding<'t>> {
    let (form, range, needs) = (CreditForm::Byline, 0..content.len(), Needs::Nothing);
    let is_credited = !named.is_ambiguous && named.is_credited_by(form);
    let names = vec![Name::Agency(named)];
    is_credited.then(|| Finding { form, names, context: range.clone(), range, needs, confidence: CONFIDENCE })
}

/// Whether the first letter below is a capital, or one that may be a speck.
fn is_above_capital(line: &Line<'_>, text: &str) -> bool {
    let below = &text.as_bytes()[line.start + line.content.len()..];
    let mut letters = below.iter().skip_while(|byte| !byte.is_ascii_alphanumeric());
    let (first, second) = (letters.next(), letters.next());
    first.is_some_and(|first| !first.is_ascii_lowercase()) || second == Some(&b' ')
}

/// `(By …)`, as the page has it.
fn is_by_in_brackets(content: &str) -> bool {
    let is_open = content.starts_with(['(', '[']) && content[1..].trim_start().starts_with("By ");
    is_open && content.trim_end_matches(['.', ' ', ',', '-', '\'']).ends_with([')', ']'])
}

/// Whether a short word may be "By", misread and with specks in front: all of
/// two letters, and longer ones that end as it may.
fn may_be_by(word: &[u8]) -> bool {
    let ends_so = || word.last().is_some_and(|last| b"yYvVrRtTjJ7".contains(last));
    word.len() < 3 || word.len() <= MAX_BY_BYTES && ends_so()
}

/// Whether the next line has the day of the week and the year: the head of a
/// paper, above which its wire is named.
fn is_before_date(line: &Line<'_>, text: &str) -> bool {
    let below = text[line.start + line.content.len()..].trim_start();
    let below = head(below, DATE_BYTES).lines().next().unwrap_or_default();
    let mut words = below.split(|c: char| !c.is_alphanumeric());
    let is_year = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = |word: &str| word.len() > 5 && word.to_ascii_lowercase().ends_with("day");
    words.any(is_day) && words.any(is_year)
}

/// A line up to its "Leased Wire", where another column runs on behind it.
fn up_to_wire(content: &str) -> Option<&str> {
    let end =
        ["Leased Wire ", "LEASED WIRE "].iter().find_map(|wire| Some(content.find(wire)? + wire.len() - 1));
    Some(&content[..end?])
}

/// Whether a bracket opens within the first bytes or closes in the last.
fn has_brackets(content: &str) -> bool {
    let last = content.len().saturating_sub(MAX_BY_BYTES);
    head(content, MAX_BY_BYTES).contains(['(', '[', '{'])
        || content.as_bytes()[last..].iter().any(|byte| matches!(byte, b')' | b']' | b'}'))
}

/// Whether these letters may follow the name of an agency: specks, or what
/// someone is there, a third of it misread.
fn may_follow(letters: &[u8]) -> bool {
    let is_near = |behind: &&str| {
        let enough = letters.len() + behind.len() / 3 >= behind.len();
        enough && edits(behind.as_bytes(), letters) <= behind.len() / 3 + 1
    };
    letters.len() <= MAX_SPECKS || letters.len() <= 21 && BEHIND.iter().any(is_near)
}

#[cfg(test)]
mod tests {
    use crate::attribute::credit::find_credits;

    /// `line` between a headline and a dateline in the midst of a page.
    fn credited(line: &str, below: &str) -> Option<String> {
        let above = "the last words of another story, which United Press told.\n".repeat(40);
        let text =
            format!("{above}Ferry Service Halted\n{line}\n{below} The ferries did not run today.\n{above}");
        let mut credits = find_credits(&text);
        assert!(credits.len() < 2, "{credits:?}");
        credits.pop().map(|credit| {
            assert_eq!(&text[credit.span.start..credit.span.end], credit.text);
            credit.agency.unwrap_or_default()
        })
    }

    #[test]
    fn misread_bylines_above_a_dateline_are_known() {
        let cases = [
            ("(Associated Press)", "Marstow, May 24.", "Associated Press"),
            ("; (Associated, Press) '", "Marstow, May 24.", "Associated Press"),
            ("fBy the sun Newa Service.)", "Marstow, May 24.-", "Sun News Service"),
            ("48y the San Ne.ws Serviee.)", "MARSTOW, May 24.-", "Sun News Service"),
            ("8y Associated Press.)", "MARSTOW, May 24.", "Associated Press"),
            ("By United Press. '-", "Marstow, May 24.", "United Press"),
            ("Hy Vnited Press. -", "Marstow, May 24.", "United Press"),
            ("United Pre** Btaff Correspondent", "MARSTOW, May 24.", "United Press"),
            ("United Press Service '", "MARSTOW, D. C. May 24.", "United Press"),
            ("I n tern at ion. il News Servi e:", "MARSTOW, May 24.", "International News Service"),
            ("(By AssncUtrd Press.)", "Marstow, May 24.", "Associated Press"),
            ("(By the Intersattonal News serv ice.)", "en Marstow.", "International News Service"),
            ("Daily A. P. Leased Wire j seven men said", "MARSTOW, Colo., May 24.", "Associated Press"),
        ];
        for (line, below, agency) in cases {
            assert_eq!(credited(line, below).as_deref(), Some(agency), "{line}");
        }
    }

    #[test]
    fn other_lines_above_a_dateline_are_no_bylines() {
        for line in [
            "(Associated Press Photo.)",
            "(By the National News Service.)",
            "(By Indian Press.)",
            "(By Star News Service.)",
            "(By Union Press.)",
            "(By Review Leased Wire.)",
            "Member of the Associated Press",
            "United States Presses On",
            "Associates Pressed Him Hard",
        ] {
            assert_eq!(credited(line, "MARSTOW, May 24."), None, "{line}");
        }
        // No dateline, and the date of a paper.
        assert_eq!(credited("8y Associated Pres3.", "The ferries, it is said, stay."), None);
        assert_eq!(credited("(By the owner of the ferry.)", "The ferries, it is said, stay."), None);
        assert_eq!(credited("ASSOCIATED PRE88.", "MARSTOW, WASH., TUESDAY, MAY 24, 1916."), None);
    }
}
