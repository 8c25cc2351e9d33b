//! Where a text may be cut: words, sentences, blocks.

use std::collections::BTreeMap;

use wirecopy::document::Span;
use wirecopy::text::Tokenizer;

use super::rng::Rng;

/// Fewest words of a block: enough that a repeated or moved one is longer than
/// the shortest passage the detector answers for.
const BLOCK_WORDS: usize = 40;

/// Average length from which a line is taken for a whole paragraph rather
/// than for a line of wrapped text, in bytes.
const PARAGRAPH_LINE_BYTES: usize = 120;

/// Texts the vocabulary is drawn from: it stops growing in any way that
/// matters long before.
const VOCABULARY_TEXTS: usize = 5000;

/// Distinct words from which rare ones are left out.
const PLENTY_OF_WORDS: usize = 5000;

/// Occurrences below which a word counts as rare: a substitute should be one
/// that the corpus uses.
const RARE_BELOW: usize = 10;

/// The library's tokens of a text, without those that overlap the one before
/// (bigrams of scripts without spaces).
pub(crate) fn words(text: &str) -> Vec<Span> {
    let mut words: Vec<Span> = Vec::new();
    Tokenizer::new().tokenize(text, |token| {
        let span = Span::new(token.start as usize, token.end as usize);
        if words.last().is_none_or(|last| last.end <= span.start) {
            words.push(span);
        }
    });
    words
}

/// The number of tokens the library counts.
pub(crate) fn count_tokens(text: &str) -> usize {
    let mut count = 0;
    Tokenizer::new().tokenize(text, |_| count += 1);
    count
}

/// Offsets at which a paragraph begins, the first one left out.
pub(crate) fn paragraph_starts(text: &str) -> Vec<usize> {
    let lines: Vec<(usize, &str)> = line_starts(text);
    let is_blank = |line: &str| line.trim().is_empty();
    let is_indented = |line: &str| line.starts_with("  ") || line.starts_with('\t');
    let marked: Vec<usize> = (1..lines.len())
        .filter(|&n| !is_blank(lines[n].1) && (is_blank(lines[n - 1].1) || is_indented(lines[n].1)))
        .map(|n| lines[n].0)
        .collect();
    if marked.is_empty() && lines.len() > 1 && text.len() / lines.len() > PARAGRAPH_LINE_BYTES {
        return lines[1..].iter().filter(|(_, line)| !is_blank(line)).map(|(start, _)| *start).collect();
    }
    marked
}

/// Offsets at which a sentence begins, the first one left out.
pub(crate) fn sentence_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut ended = false;
    let mut spaced = false;
    for (offset, c) in text.char_indices() {
        match c {
            '.' | '!' | '?' => (ended, spaced) = (true, false),
            '。' | '！' | '？' => (ended, spaced) = (true, true),
            '"' | '\'' | ')' | '”' | '’' if ended && !spaced => {}
            c if c.is_whitespace() => spaced = ended,
            c => {
                if ended && spaced && !c.is_lowercase() && c.is_alphanumeric() | "\"'“‘(".contains(c) {
                    starts.push(offset);
                }
                (ended, spaced) = (false, false);
            }
        }
    }
    starts
}

/// Cuts a text into at least three blocks of [`BLOCK_WORDS`] or more where it
/// is long enough, at paragraph ends, else at sentence ends, else at words.
/// The blocks follow one another without a gap.
pub(crate) fn blocks(text: &str) -> Vec<Span> {
    let words = words(text);
    let by_paragraph = merge(text, &words, &paragraph_starts(text));
    if by_paragraph.len() >= 3 {
        return by_paragraph;
    }
    let by_sentence = merge(text, &words, &sentence_starts(text));
    if by_sentence.len() >= 3 {
        return by_sentence;
    }
    let starts: Vec<usize> = words.iter().step_by(BLOCK_WORDS).map(|word| word.start).collect();
    merge(text, &words, &starts)
}

/// The words of a corpus that substitutes are drawn from: letters only, in
/// lower case, sorted; rare ones left out where there are plenty.
pub(crate) fn vocabulary<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts.take(VOCABULARY_TEXTS) {
        for word in words(text) {
            let word = &text[word.start..word.end];
            if word.chars().count() > 1 && word.chars().all(char::is_alphabetic) {
                *counts.entry(word.to_lowercase()).or_default() += 1;
            }
        }
    }
    let least = if counts.len() > PLENTY_OF_WORDS { RARE_BELOW } else { 1 };
    counts.into_iter().filter(|(_, count)| *count >= least).map(|(word, _)| word).collect()
}

/// What stands between two paragraphs of this text.
pub(crate) fn separator(text: &str) -> &'static str {
    if text.contains("\n\n") || !text.contains('\n') {
        "\n\n"
    } else if text.contains("\n    ") {
        "\n    "
    } else {
        "\n"
    }
}

/// A run of whole sentences of `low` to `high` words where the text has one
/// near a drawn place, else of words alone.
pub(crate) fn passage(text: &str, (low, high): (usize, usize), rng: &mut Rng) -> Span {
    let words = words(text);
    let wanted = rng.between(low, high).min(words.len());
    let first = rng.below(words.len() - wanted + 1);
    let starts = sentence_starts(text);
    let begin = starts
        .iter()
        .rev()
        .chain([&words[0].start])
        .find(|&&start| start <= words[first].start)
        .copied()
        .unwrap_or(words[first].start);
    let from = words.partition_point(|word| word.start < begin);
    let low = low.min(words.len() - from);
    let limit = (from + wanted).min(words.len());
    let mut ends = starts.iter().map(|start| words.partition_point(|word| word.end <= *start));
    let end = ends.rfind(|end| (from + low..=limit).contains(end)).unwrap_or(limit);
    Span::new(words[from].start, end_of_sentence(text, words[end - 1].end))
}

/// `end` moved behind the punctuation that directly follows it.
pub(crate) fn end_of_sentence(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    end + rest.len() - rest.trim_start_matches(['.', '!', '?', '"', '\'', ')', '”', '。']).len()
}

fn line_starts(text: &str) -> Vec<(usize, &str)> {
    let mut offset = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        lines.push((offset, line.trim_end_matches(['\n', '\r'])));
        offset += line.len();
    }
    lines
}

/// Blocks between the given starts, small ones joined to the next.
fn merge(text: &str, words: &[Span], starts: &[usize]) -> Vec<Span> {
    let words_before = |offset: usize| words.partition_point(|word| word.start < offset);
    let mut blocks: Vec<Span> = Vec::new();
    let mut begin = 0;
    for &start in starts {
        if words_before(start) - words_before(begin) >= BLOCK_WORDS
            && words.len() - words_before(start) >= BLOCK_WORDS
        {
            blocks.push(Span::new(begin, start));
            begin = start;
        }
    }
    blocks.push(Span::new(begin, text.len()));
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_begin_behind_a_point_and_space_and_not_inside_a_number() {
        let text = "It rose 3.5 pct. \"So what?\" he said. Nothing. e.g. this";
        let starts: Vec<&str> = sentence_starts(text).iter().map(|s| &text[*s..*s + 3]).collect();
        assert_eq!(starts, ["\"So", "Not"]);
    }

    #[test]
    fn paragraphs_begin_at_blank_lines_indents_or_long_lines() {
        let long = "word ".repeat(40);
        let cases = [
            ("a\n\nb\nc", vec![3]),
            ("a\nb\n    c", vec![4]),
            ("a\nb", vec![]),
            (&format!("{long}\n{long}"), vec![201]),
        ];
        for (text, starts) in cases {
            assert_eq!(paragraph_starts(text), starts, "{text:?}");
        }
    }

    #[test]
    fn blocks_cover_the_text_whatever_its_form() {
        let sentence = "The quick brown fox jumps over ten lazy dogs. ";
        let texts = [
            sentence.repeat(25),
            sentence.repeat(25).replace(". ", " "),
            sentence.repeat(25).replace(". The", ".\n\nThe"),
        ];
        for text in texts {
            let blocks = blocks(&text);
            assert!(blocks.len() >= 3, "{blocks:?}");
            assert_eq!((blocks[0].start, blocks[blocks.len() - 1].end), (0, text.len()));
            assert!(blocks.windows(2).all(|pair| pair[0].end == pair[1].start));
        }
    }
}
