//! The first and last words of a passage, fitted to a width.

use super::Texts;
use super::line::Line;
use super::page::Page;
use super::visible;
use crate::document::Span;

/// Between the first and the last words.
const GAP: &str = " … ";

/// Fewest columns in which both ends are shown; below, the beginning alone.
const MIN_BOTH_ENDS: usize = 20;

/// Share of the room that the beginning gets, in per cent: a passage is
/// recognised by how it begins.
const HEAD_PERCENT: usize = 60;

/// The passage at `span` of `document` in at most `max_width` columns and in
/// quotation marks, or nothing where the text is not at hand or has no such
/// span.
pub(crate) fn of(texts: &dyn Texts, document: &str, span: Span, max_width: usize) -> Option<String> {
    let text = texts.text(document)?;
    Some(quoted(text.get(span.start..span.end)?, max_width))
}

/// `text` in at most `max_width` columns and in quotation marks: all of it,
/// or its first and last words. Reads no more of it than it shows, except
/// where characters take no width.
pub(crate) fn quoted(text: &str, max_width: usize) -> String {
    let inner = max_width.saturating_sub(2);
    let (head, is_whole) = visible::prose_prefix(text, inner);
    if is_whole {
        return format!("“{head}”");
    }
    if inner < MIN_BOTH_ENDS {
        let (head, _) = visible::prose_prefix(text, inner.saturating_sub(1));
        return format!("“{}{}”", whole_words_head(&head), visible::ELLIPSIS);
    }
    let room = inner - visible::width(GAP);
    let (head, _) = visible::prose_prefix(text, room * HEAD_PERCENT / 100);
    let head = whole_words_head(&head);
    let tail = visible::prose_suffix(text, room - visible::width(head));
    format!("“{head}{GAP}{}”", whole_words_tail(&tail))
}

/// `head` without its last word, which may be cut, unless much would go.
fn whole_words_head(head: &str) -> &str {
    match head.rfind(' ') {
        Some(at) if at * 2 >= head.len() => &head[..at],
        _ => head,
    }
}

/// The same for the first word of the end.
fn whole_words_tail(tail: &str) -> &str {
    match tail.find(' ') {
        Some(at) if at * 2 <= tail.len() => &tail[at + 1..],
        _ => tail,
    }
}

/// Writes the excerpt as a line of its own, where there is one.
pub(crate) fn write(page: &mut Page<'_>, indent: usize, excerpt: Option<String>) -> std::io::Result<()> {
    match excerpt {
        Some(excerpt) => page.line(&Line::indent(indent).plain(&excerpt)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_passages_are_shown_whole_and_long_ones_by_both_ends() {
        let long = "The port authority halted all dredging on Monday after divers found a wreck.";
        let cases = [
            ("All of it.", 40, "“All of it.”"),
            ("  spread\n\nover   lines ", 40, "“spread over lines”"),
            (long, 40, "“The port authority … found a wreck.”"),
            (long, 16, "“The port…”"),
            (
                "東京港の浚渫工事は月曜日、木造船の残骸が見つかったため中止された。",
                30,
                "“東京港の浚渫工 … 止された。”",
            ),
        ];
        for (text, max_width, expected) in cases {
            assert_eq!(quoted(text, max_width), expected);
        }
    }

    #[test]
    fn every_width_is_kept_even_by_a_huge_word_and_wide_letters() {
        let texts = ["x".repeat(1 << 20), "東京新聞".repeat(1000), "e\u{301}".repeat(1 << 18)];
        for text in &texts {
            for max_width in 2..60 {
                let excerpt = quoted(text, max_width);
                assert!(visible::width(&excerpt) <= max_width.max(3), "{excerpt} at {max_width}");
            }
        }
    }

    #[test]
    fn spans_that_do_not_fit_the_text_give_no_excerpt() {
        struct One;
        impl Texts for One {
            fn text(&self, document: &str) -> Option<std::borrow::Cow<'_, str>> {
                (document == "a").then_some("né".into())
            }
        }
        assert_eq!(of(&One, "a", Span::new(0, 3), 40).as_deref(), Some("“né”"));
        for (document, start, end) in [("a", 0, 2), ("a", 2, 3), ("a", 0, 9), ("a", 3, 1), ("b", 0, 1)] {
            assert_eq!(of(&One, document, Span::new(start, end), 40), None, "{document} {start} {end}");
        }
    }
}
