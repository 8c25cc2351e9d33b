//! Raw text → the text that its tokens are read from, where it was damaged.
//!
//! Scrapers leave markup and references (`<p>`, `&#8217;`, `&amp;quot;`),
//! escapes of strings (`\u043f`) and UTF-8 that was read as another encoding
//! (`â€™`, `Ð¿Ñ€Ð¸`) in texts, and some disguise letters (`Тhе` with a Cyrillic
//! Т and е). A story has no token in common with a copy of which each letter is
//! written so. Hence tokens are those of the text with such forms read as what
//! they stand for, and their spans those of the raw text, which stays what it
//! is. What is written twice over is read again, [`ROUNDS`] times in all.
//!
//! One look for the few bytes with which such forms begin ([`super::hints`])
//! tells the texts that have none, and these are not copied. Else time and space
//! are linear in the text, and a token costs a binary search.
//!
//! What is read in another way than it was meant (a name of an element in a
//! text on HTML) is read so in all documents, so that they still agree.

use super::disguised;
use super::hints::Hints;
use super::markup;
use super::mojibake;

/// How often a form may be written within another: `&amp;amp;#8217;`.
const ROUNDS: usize = 3;

/// Whether a text may have a form, and what replaces it: in this order, since
/// references and escapes may stand for what was read wrongly.
const FORMS: [(Ask, Replace); 3] = [
    (Hints::markup, markup::replace),
    (Hints::mojibake, mojibake::replace),
    (Hints::disguised, disguised::replace),
];

/// Whether a text may have a form.
type Ask = fn(Hints) -> bool;

/// Replaces what a text has of one form.
type Replace = fn(&str, &mut Edited<'_>);

/// A text with the forms of one kind replaced.
#[derive(Debug)]
pub(crate) struct Mended {
    /// What it was made of, where that was mended too.
    before: Option<Box<Mended>>,
    text: String,
    edits: Vec<Edit>,
}

/// A part of a text and what stands in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edit {
    old_start: usize,
    old_end: usize,
    new_start: usize,
    new_end: usize,
}

impl Mended {
    /// `text` mended, if it needs to be.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut hints = Hints::of(text);
        if hints.are_none() {
            return None;
        }
        let mut mended: Option<Self> = None;
        for _ in 0..ROUNDS {
            let mut is_mended = false;
            for (may_have, replace) in FORMS {
                if !may_have(hints) {
                    continue;
                }
                let mut edited = Edited::new(mended.as_ref().map_or(text, |mended| &mended.text));
                replace(edited.old, &mut edited);
                let Some((text, edits)) = edited.finish() else { continue };
                hints = Hints::of(&text);
                mended = Some(Self { before: mended.map(Box::new), text, edits });
                is_mended = true;
            }
            if !is_mended {
                break;
            }
        }
        mended
    }

    /// What the tokens are read from.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// [`text`](Self::text), when its places are not asked for.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The bytes of the raw text that the bytes from `start` to `end` were made
    /// of.
    pub(crate) fn raw(&self, start: usize, end: usize) -> (usize, usize) {
        let (start, end) = (self.old_start(start), self.old_end(end));
        self.before.as_ref().map_or((start, end), |before| before.raw(start, end))
    }

    fn old_start(&self, new: usize) -> usize {
        let behind = self.edits.partition_point(|edit| edit.new_start <= new);
        let Some(edit) = self.edits[..behind].last() else { return new };
        if new < edit.new_end { edit.old_start } else { edit.old_end + (new - edit.new_end) }
    }

    fn old_end(&self, new: usize) -> usize {
        let behind = self.edits.partition_point(|edit| edit.new_start < new);
        let Some(edit) = self.edits[..behind].last() else { return new };
        edit.old_end + new.saturating_sub(edit.new_end)
    }
}

/// A text that is being written anew, from its beginning to its end.
#[derive(Debug)]
pub(super) struct Edited<'a> {
    old: &'a str,
    new: String,
    /// Up to here the text is written.
    written: usize,
    edits: Vec<Edit>,
}

impl<'a> Edited<'a> {
    pub(super) fn new(old: &'a str) -> Self {
        Self { old, new: String::new(), written: 0, edits: Vec::new() }
    }

    /// Up to where the text is written: the next replacement begins here or
    /// behind.
    pub(super) fn written(&self) -> usize {
        self.written
    }

    /// Puts `new` in the place of the bytes from `start` to `end`.
    pub(super) fn replace(&mut self, start: usize, end: usize, new: &str) {
        self.new.push_str(&self.old[self.written..start]);
        let new_start = self.new.len();
        self.new.push_str(new);
        self.edits.push(Edit { old_start: start, old_end: end, new_start, new_end: self.new.len() });
        self.written = end;
    }

    pub(super) fn finish(mut self) -> Option<(String, Vec<Edit>)> {
        if self.edits.is_empty() {
            return None;
        }
        self.new.push_str(&self.old[self.written..]);
        Some((self.new, self.edits))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn mended(text: &str) -> String {
        Mended::of(text).map_or_else(|| text.to_owned(), |mended| mended.text)
    }

    #[test]
    fn what_is_written_twice_over_is_read_again() {
        assert_eq!(mended("It&amp;#8217;s &amp;lt;p&amp;gt; here"), "It’s \n here");
        assert_eq!(mended("donÃ¢â‚¬â„¢t"), "don’t");
        assert_eq!(mended("&Atilde;&copy;t&Atilde;&copy;"), "été");
        assert_eq!(mended(r"\u00c3\u00a9t\u00c3\u00a9"), "été");
    }

    #[test]
    fn a_text_without_such_forms_is_not_copied() {
        for text in ["", "AT&T said 3 < 4 and 5 > 4", "d’été à Paris", "C:\\users", "Größe „Spaß“", "Привет"]
        {
            assert!(Mended::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn bytes_are_those_that_a_form_was_made_of() {
        let raw = "<p>caf&amp;eacute; Ð¿Ñ€Ð¸ x</p>";
        let mended = Mended::of(raw).unwrap();
        for word in ["café", "при", "x"] {
            let start = mended.text().find(word).unwrap();
            let (start, end) = mended.raw(start, start + word.len());
            let of_raw = ["caf&amp;eacute;", "Ð¿Ñ€Ð¸", "x"];
            assert!(of_raw.contains(&&raw[start..end]), "{word}: {}", &raw[start..end]);
        }
    }

    proptest! {
        #[test]
        fn bytes_lie_on_characters_and_in_order(parts in prop::collection::vec(
            prop::sample::select(vec![
                "&", "amp;", "lt;", "gt;", "<p>", "<b>", "</b>", "&#1087;", "&eacute;", "\\u00c3", "\\u00a9", "Ã",
                "©", "â€™", "Ð¿", "Ñ€", "РїСЂ", "a", " ", "é", "word", "\\", "ud83d", "\\ud83d\\ude00", "&shy;",
            ]), 0..30))
        {
            let raw = parts.concat();
            if let Some(mended) = Mended::of(&raw) {
                let mut last = (0, 0);
                let ends = mended.text().char_indices().map(|(at, c)| (at, at + c.len_utf8()));
                for (start, end) in ends {
                    let found = mended.raw(start, end);
                    prop_assert!(found.0 < found.1 && raw.get(found.0..found.1).is_some());
                    prop_assert!(last.0 <= found.0 && last.1 <= found.1);
                    last = found;
                }
            }
        }
    }
}
