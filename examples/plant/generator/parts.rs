//! Copies that rearrange parts of a text: cut, dropped, moved, repeated.

use wirecopy::document::Span;

use super::compose::{Composer, trim};
use super::rng::Rng;
use super::words::{blocks, end_of_sentence, paragraph_starts, sentence_starts, separator, words};

/// How far from the wanted length a paragraph end may lie, in per cent of it.
const PARAGRAPH_REACH: usize = 15;

/// How far a sentence end may lie.
const SENTENCE_REACH: usize = 25;

/// An original whose parts are to be used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body<'t> {
    /// Its place in the input.
    pub(crate) origin: usize,
    /// Its whole text.
    pub(crate) text: &'t str,
    /// The part between headline and dateline and a trailing credit.
    pub(crate) span: Span,
}

impl<'t> Body<'t> {
    fn body(&self) -> &'t str {
        &self.text[self.span.start..self.span.end]
    }

    fn shifted(&self, span: Span) -> Span {
        Span::new(self.span.start + span.start, self.span.start + span.end)
    }

    fn blocks(&self) -> Vec<Span> {
        blocks(self.body()).into_iter().map(|block| trim(self.text, self.shifted(block))).collect()
    }

    /// The first `percent` of its words, to the next paragraph or sentence
    /// end where one is near.
    pub(crate) fn cut(&self, percent: usize) -> Span {
        let body = self.body();
        let words = words(body);
        let target = ((words.len() * percent + 50) / 100).max(1);
        let count_at = |offset: usize| words.partition_point(|word| word.start < offset);
        let nearest = |starts: &[usize], reach: usize| {
            let counts = starts.iter().map(|start| count_at(*start)).filter(|count| *count > 0);
            let near = counts.filter(|count| count.abs_diff(target) * 100 <= target * reach);
            near.min_by_key(|count| count.abs_diff(target))
        };
        let count = nearest(&paragraph_starts(body), PARAGRAPH_REACH)
            .or_else(|| nearest(&sentence_starts(body), SENTENCE_REACH))
            .unwrap_or(target);
        let end = words[count.min(words.len()) - 1].end;
        self.shifted(Span::new(0, end_of_sentence(body, end)))
    }

    /// All blocks in order, with `inserts` between them or at the end.
    pub(crate) fn insert(&self, composer: &mut Composer, inserts: &[String], rng: &mut Rng) {
        let blocks = self.blocks();
        let separator = separator(self.body());
        let places = rng.sample(blocks.len(), inserts.len());
        let mut inserts = inserts.iter();
        let mut joined = self.span.start;
        for (number, block) in blocks.iter().enumerate() {
            composer.copy(self.origin, self.text, Span::new(joined, block.end));
            joined = block.end;
            if places.contains(&number)
                && let Some(insert) = inserts.next()
            {
                composer.push(separator);
                composer.push(insert);
                if let Some(next) = blocks.get(number + 1) {
                    composer.push(separator);
                    joined = next.start;
                }
            }
        }
    }

    /// The blocks without one, or without up to a third of them, in order.
    pub(crate) fn drop(&self, composer: &mut Composer, rng: &mut Rng) {
        let blocks = self.blocks();
        let most = (blocks.len() / 3).max(1);
        let count = rng.between(1, most);
        let dropped = rng.sample(blocks.len(), count);
        let kept: Vec<usize> = (0..blocks.len()).filter(|number| !dropped.contains(number)).collect();
        self.arrange(composer, &kept);
    }

    /// All blocks in another order.
    pub(crate) fn reorder(&self, composer: &mut Composer, rng: &mut Rng) {
        let mut order: Vec<usize> = (0..self.blocks().len()).collect();
        rng.shuffle(&mut order);
        if order.is_sorted() {
            order.rotate_left(1);
        }
        self.arrange(composer, &order);
    }

    /// The body twice, one after the other.
    pub(crate) fn double(&self, composer: &mut Composer) -> Vec<(Span, Span)> {
        self.repeat_groups(composer, usize::MAX)
    }

    /// Groups of `size` blocks, each group twice before the next: with 1,
    /// p1 p1 p2 p2; with 2, p1 p2 p1 p2. Gives the spans of both occurrences.
    pub(crate) fn repeat_groups(&self, composer: &mut Composer, size: usize) -> Vec<(Span, Span)> {
        let blocks = self.blocks();
        let separator = separator(self.body());
        let mut repeats = Vec::new();
        for (number, group) in blocks.chunks(size.min(blocks.len())).enumerate() {
            let whole = Span::new(group[0].start, group[group.len() - 1].end);
            let occurrence = |composer: &mut Composer, is_first: bool| {
                if !is_first {
                    composer.push(separator);
                }
                let start = composer.len();
                composer.copy(self.origin, self.text, whole);
                Span::new(start, composer.len())
            };
            let first = occurrence(composer, number == 0);
            let second = occurrence(composer, false);
            repeats.push((first, second));
        }
        repeats
    }

    /// The blocks with these numbers, in this order.
    fn arrange(&self, composer: &mut Composer, order: &[usize]) {
        let blocks = self.blocks();
        let separator = separator(self.body());
        let mut last: Option<usize> = None;
        for &number in order {
            let block = blocks[number];
            match last {
                // Neighbours stay joined by what stands between them.
                Some(last) if last + 1 == number => {
                    composer.copy(self.origin, self.text, Span::new(blocks[last].end, block.end));
                }
                Some(_) => {
                    composer.push(separator);
                    composer.copy(self.origin, self.text, block);
                }
                None => composer.copy(self.origin, self.text, block),
            }
            last = Some(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        (0..12)
            .map(|n| format!("Paragraph {n} {} ends here.\n\n", "has many words in it ".repeat(8)))
            .collect()
    }

    fn body(text: &str) -> Body<'_> {
        Body { origin: 0, text, span: Span::new(0, text.len()) }
    }

    #[test]
    fn a_cut_ends_with_a_paragraph_near_the_share_asked() {
        let text = text();
        for percent in [60, 30, 15] {
            let cut = body(&text).cut(percent);
            let cut = &text[cut.start..cut.end];
            assert!(cut.ends_with("ends here."), "{percent}");
            let share = words(cut).len() * 100 / words(&text).len();
            assert!(share.abs_diff(percent) <= percent * SENTENCE_REACH / 100, "{share} for {percent}");
        }
    }

    #[test]
    fn every_link_of_a_rearranged_text_holds_the_same_bytes_at_both_ends() {
        let text = text();
        for index in 0..10 {
            let rng = &mut Rng::new(7, "test", index);
            let mut composers =
                [Composer::default(), Composer::default(), Composer::default(), Composer::default()];
            body(&text).insert(&mut composers[0], &["New words.".into(), "More.".into()], rng);
            body(&text).drop(&mut composers[1], rng);
            body(&text).reorder(&mut composers[2], rng);
            body(&text).repeat_groups(&mut composers[3], 2);
            for composer in composers {
                let (new, links) = composer.finish(|_| &text);
                assert!(links.len() > 1 || new.len() < text.len(), "{links:?}");
                for link in links {
                    assert_eq!(new[link.to.start..link.to.end], text[link.from.start..link.from.end]);
                }
            }
        }
    }

    #[test]
    fn inserts_are_set_off_like_the_paragraphs_around_them() {
        let text = text();
        for index in 0..10 {
            let mut composer = Composer::default();
            let rng = &mut Rng::new(1, "test", index);
            body(&text).insert(&mut composer, &["New words.".into(), "More.".into()], rng);
            let (new, _) = composer.finish(|_| &text);
            let paragraphs: Vec<&str> = new.split("\n\n").collect();
            let added = paragraphs.iter().filter(|p| ["New words.", "More."].contains(p)).count();
            assert_eq!((paragraphs.len(), added), (14, 2), "{new}");
            assert!(paragraphs.iter().all(|paragraph| paragraph.trim() == *paragraph));
        }
    }

    #[test]
    fn repeated_groups_hold_the_same_bytes_twice() {
        let text = text();
        for (size, groups) in [(usize::MAX, 1), (1, 12), (2, 6)] {
            let mut composer = Composer::default();
            let repeats = body(&text).repeat_groups(&mut composer, size);
            let (new, _) = composer.finish(|_| &text);
            assert_eq!(repeats.len(), groups);
            for (first, second) in repeats {
                assert_eq!(new[first.start..first.end], new[second.start..second.end]);
            }
        }
    }
}
