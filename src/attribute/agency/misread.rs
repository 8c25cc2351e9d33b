//! Names of agencies on scanned pages, where letters, spaces and points are
//! read wrong.
//!
//! A name is looked up among the long ones alone, by edit distance: a few
//! hundred steps for each alias that shares enough of its letters.

use std::cmp::Reverse;

use super::{Agencies, Named, without_article};

/// With which words names end that have little else in common.
const COMMON: [&str; 6] = ["press", "news", "service", "agency", "wire", "leased"];

/// What [`Agencies::leading_misread`] found.
pub(crate) struct Misread<'a> {
    /// Which agency it is.
    pub(crate) named: Named<'a>,
    /// The letters that its name takes.
    pub(crate) letters: usize,
    /// How many of them were added, lost or changed.
    pub(crate) edits: usize,
}

impl Agencies {
    /// The agency whose long name `written` is, some letters misread: one in
    /// five may differ.
    pub fn misread(&self, written: &str) -> Option<Named<'_>> {
        if !ends_like_press(written) {
            return None;
        }
        let written = without_article(written.trim()).to_lowercase();
        let near = |(alias, index): &(String, usize)| {
            let most = alias.len().div_ceil(5);
            // "Indian Press" is not "Canadian Press".
            let longest = if alias.len() < 16 { 1 } else { 2 };
            let is_near = alias.len().abs_diff(written.len()) <= longest;
            let edits = is_near.then(|| edits(alias.as_bytes(), written.as_bytes()))?;
            let is_alike = || begins_alike(&squeezed(alias), &squeezed(&written));
            (edits <= most && is_alike()).then_some((edits, *index))
        };
        let (_, index) = self.long.iter().filter_map(near).min_by_key(|(edits, _)| *edits)?;
        Some(Named { agency: &self.agencies[index], is_ambiguous: false })
    }

    /// The agency with whose long name `letters` begin, small ones and digits
    /// alone. One in five may be misread; where something else says that a name
    /// is due, three in ten of a name of fifteen letters or more. Nothing where
    /// two agencies are as near.
    pub(crate) fn leading_misread(&self, letters: &[u8], is_due: bool) -> Option<Misread<'_>> {
        let kinds = kinds(letters);
        let mut bag = [0_u8; 128];
        for letter in letters {
            bag[usize::from(letter & 0x7f)] += 1;
        }
        let near = |(alias, of_alias, index): &(Vec<u8>, u64, usize)| {
            let length = alias.len();
            let most = if is_due && length >= 15 { length * 3 / 10 } else { length / 5 };
            let is_short = letters.len() + 2 < length;
            if is_short || (of_alias & !kinds).count_ones() as usize > most {
                return None;
            }
            let mut left = bag;
            let missing = alias.iter().filter(|letter| {
                let count = &mut left[usize::from(**letter & 0x7f)];
                let has = *count > 0;
                *count -= u8::from(has);
                !has
            });
            if missing.count() > most {
                return None;
            }
            // A name that lost or gained more is another: "Indian Press" is not
            // "Canadian Press".
            let row = last_row(alias, &letters[..letters.len().min(length + 2)]);
            let ends = row.iter().enumerate().skip(length.saturating_sub(2));
            let (taken, edits) = ends.min_by_key(|(end, edits)| (**edits, end.abs_diff(length)))?;
            let is_near = *edits <= most && begins_alike(alias, letters);
            is_near.then_some((*edits, Reverse(length), *index, taken))
        };
        let (edits, _, index, letters) = self.squeezed.iter().filter_map(near).min()?;
        let is_other = |found: (usize, Reverse<usize>, usize, usize)| found.0 == edits && found.2 != index;
        let named = Named { agency: &self.agencies[index], is_ambiguous: false };
        let is_sure = edits == 0 || !self.squeezed.iter().filter_map(near).any(is_other);
        is_sure.then_some(Misread { named, letters, edits })
    }
}

/// Whether the last word is "press", "service" or "agency", or nearly so: most
/// of its letters stand where they should from the start or from the end.
fn ends_like_press(written: &str) -> bool {
    let last = written.rsplit(' ').next().unwrap_or_default().as_bytes();
    let agree = |pairs: &mut dyn Iterator<Item = (&u8, &u8)>| {
        pairs.filter(|(a, b)| a.eq_ignore_ascii_case(b)).count()
    };
    ["press", "service", "agency"].iter().map(|word| word.as_bytes()).any(|word| {
        let near = last.len().abs_diff(word.len()) <= 1;
        let fits = |same: usize| 2 * same >= word.len();
        near && (fits(agree(&mut last.iter().zip(word)))
            || fits(agree(&mut last.iter().rev().zip(word.iter().rev()))))
    })
}

/// Whether `letters` begin with what sets a name apart from others, two letters in
/// five misread, or two: "Star News Service" is not "Sun News Service".
fn begins_alike(alias: &[u8], letters: &[u8]) -> bool {
    let mut own = alias;
    while let Some(rest) = COMMON.iter().find_map(|word| own.strip_suffix(word.as_bytes())) {
        own = rest;
    }
    // With the beginning of what follows, so that no letter of it goes unseen.
    let head = &alias[..alias.len().min(own.len() + 4)];
    let row = last_row(head, &letters[..letters.len().min(head.len() + 2)]);
    row.into_iter().min().is_some_and(|edits| edits <= (2 * own.len() / 5).max(2))
}

/// Several words of twelve letters in all, none of them foreign.
pub(super) fn is_long(alias: &str) -> bool {
    alias.len() >= 12 && alias.contains(' ') && alias.is_ascii()
}

/// The letters and digits of a name, in small ones.
pub(super) fn squeezed(name: &str) -> Vec<u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase()).collect()
}

/// A bit for each small letter and digit among `letters`: a name that has more
/// of them which a line has not than may be misread is passed over.
pub(super) fn kinds(letters: &[u8]) -> u64 {
    letters.iter().fold(0, |kinds, byte| {
        let bit = if byte.is_ascii_digit() { 26 + (byte - b'0') } else { byte.wrapping_sub(b'a') & 0x1f };
        kinds | 1 << bit
    })
}

/// Insertions, deletions and changes that lead from one to the other
/// (Levenshtein 1966, one row at a time).
pub(crate) fn edits(a: &[u8], b: &[u8]) -> usize {
    last_row(a, b)[b.len()]
}

/// The edits that lead from `a` to the beginnings of `b`, by their length.
fn last_row(a: &[u8], b: &[u8]) -> Vec<usize> {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(named: Option<Named<'_>>) -> Option<&str> {
        named.map(|found| found.agency.name.as_str())
    }

    #[test]
    fn long_names_are_known_when_some_letters_are_misread() {
        let cases = [
            ("Aatociated Press", Some("Associated Press")),
            ("the Internatlonal News Servife", Some("International News Service")),
            ("Vnited Press", Some("United Press")),
            ("National News Service", None),
            ("Indian Press", None),
            ("Rcuters", None),
        ];
        for (written, expected) in cases {
            assert_eq!(name(Agencies::known().misread(written)), expected, "{written}");
        }
    }

    #[test]
    fn names_of_which_letters_and_spaces_are_misread_lead() {
        // letters, whether a name is due, the agency, and the letters it takes
        let cases = [
            ("associatedpress", false, Some(("Associated Press", 15))),
            ("assncutrdpress", false, None),
            ("assncutrdpress", true, Some(("Associated Press", 14))),
            ("internidionilnewsservice", false, Some(("International News Service", 24))),
            ("vnitedpressstaff", true, Some(("United Press", 11))),
            ("unionpress", true, None),
            ("indianpress", true, None),
            ("nationalnewsservice", true, None),
            ("starnewsservice", true, None),
            ("", true, None),
        ];
        for (letters, is_due, expected) in cases {
            let found = Agencies::known().leading_misread(letters.as_bytes(), is_due);
            let found = found.map(|found| (found.named.agency.name.as_str(), found.letters));
            assert_eq!(found, expected, "{letters}");
        }
    }
}
