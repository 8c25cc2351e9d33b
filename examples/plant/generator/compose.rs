//! Puts a new text together and remembers what was taken from where.

use wirecopy::document::Span;

use super::words::words;

/// Links of fewer words are not labelled: a credit line that happened to be
/// kept is no passage.
const MIN_LINK_WORDS: usize = 8;

/// A part of the new text and the part of an original it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// The original, by its place in the input.
    pub(crate) origin: usize,
    /// The part of the original's text.
    pub(crate) from: Span,
    /// The part of the new text.
    pub(crate) to: Span,
}

/// A text in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Composer {
    text: String,
    links: Vec<Link>,
}

impl Composer {
    /// Adds words that come from no original.
    pub(crate) fn push(&mut self, new: &str) {
        self.text.push_str(new);
    }

    /// Adds a part of an original as it is.
    pub(crate) fn copy(&mut self, origin: usize, text: &str, from: Span) {
        self.edited(origin, from, &text[from.start..from.end]);
    }

    /// Adds a part of an original in other words or letters. A part that
    /// continues the one before in both texts joins its link.
    pub(crate) fn edited(&mut self, origin: usize, from: Span, new: &str) {
        let to = Span::new(self.text.len(), self.text.len() + new.len());
        self.text.push_str(new);
        match self.links.last_mut() {
            Some(last) if last.origin == origin && last.from.end == from.start && last.to.end == to.start => {
                last.from.end = from.end;
                last.to.end = to.end;
            }
            _ => self.links.push(Link { origin, from, to }),
        }
    }

    /// The length of the text so far.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text and its links, without white space at their ends; `original`
    /// gives the text of an original.
    pub(crate) fn finish<'t>(self, original: impl Fn(usize) -> &'t str) -> (String, Vec<Link>) {
        let text = self.text;
        let trimmed = self.links.into_iter().map(|link| Link {
            from: trim(original(link.origin), link.from),
            to: trim(&text, link.to),
            ..link
        });
        let links =
            trimmed.filter(|link| words(&text[link.to.start..link.to.end]).len() >= MIN_LINK_WORDS).collect();
        (text, links)
    }
}

/// The span without white space at its ends.
pub(crate) fn trim(text: &str, span: Span) -> Span {
    let part = &text[span.start..span.end];
    let start = span.start + part.len() - part.trim_start().len();
    Span::new(start, start + part.trim().len())
}
