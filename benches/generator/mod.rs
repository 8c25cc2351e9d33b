//! Seeded articles for the benches, with copies planted among them.
//!
//! Words are made of syllables and drawn with the frequencies of a language
//! (the n-th word about 1 / n as often as the first), so that articles share
//! phrases without being copies. Nothing is third-party text, and one seed
//! gives the same articles everywhere.

#![allow(dead_code, reason = "every bench is a crate of its own and needs its part of this one")]

use std::collections::BTreeSet;

use wirecopy::document::{Corpus, Document};

/// Different words: about what a year of one outlet uses often.
const VOCABULARY: usize = 20_000;

const ONSETS: [&str; 16] =
    ["b", "br", "c", "d", "dr", "f", "g", "h", "l", "m", "n", "p", "r", "s", "st", "t"];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "y"];
const CODAS: [&str; 8] = ["", "n", "r", "s", "l", "nt", "ck", "m"];

/// Draws that stay the same on every machine (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// The stream of one seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * limit as u128) >> 64) as usize
    }
}

/// Writes articles.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    rng: Rng,
    vocabulary: Vec<String>,
}

impl Writer {
    /// The articles of one seed.
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let mut known = BTreeSet::new();
        let mut vocabulary = Vec::with_capacity(VOCABULARY);
        while vocabulary.len() < VOCABULARY {
            // Frequent words are short, as in every language.
            let syllables = 1 + rng.below(2 + usize::from(vocabulary.len() > 200));
            let word: String = (0..syllables)
                .flat_map(|_| {
                    [
                        ONSETS[rng.below(ONSETS.len())],
                        VOWELS[rng.below(VOWELS.len())],
                        CODAS[rng.below(CODAS.len())],
                    ]
                })
                .collect();
            if known.insert(word.clone()) {
                vocabulary.push(word);
            }
        }
        Self { rng, vocabulary }
    }

    /// A word; the n-th most frequent comes about 1 / n as often as the first.
    fn word(&mut self) -> &str {
        let share = self.rng.below(1 << 20) as f64 / f64::from(1 << 20);
        let rank = (VOCABULARY as f64).powf(share) as usize - 1;
        &self.vocabulary[rank]
    }

    /// Sentences of so many words together, in paragraphs.
    pub(crate) fn prose(&mut self, words: usize) -> String {
        let mut text = String::with_capacity(words * 6);
        for n in 0..words {
            let word = self.word().to_owned();
            text.push_str(&word);
            let end = if n + 1 == words { 0 } else { self.rng.below(36) };
            text.push_str(match end {
                0 => ".\n\n",
                1 => ". ",
                2 | 3 => ", ",
                _ => " ",
            });
        }
        text
    }

    /// The text with so many of 100 words replaced.
    pub(crate) fn reworded(&mut self, text: &str, percent: usize) -> String {
        let mut reworded = String::with_capacity(text.len());
        for piece in text.split_inclusive([' ', '\n']) {
            if self.rng.below(100) < percent {
                let end = piece.trim_end_matches(|c: char| !c.is_alphanumeric()).len();
                let word = self.word().to_owned();
                reworded.push_str(&word);
                reworded.push_str(&piece[end..]);
            } else {
                reworded.push_str(piece);
            }
        }
        reworded
    }
}

/// The first so many words of a text.
pub(crate) fn cut(text: &str, words: usize) -> String {
    text.split_inclusive([' ', '\n']).filter(|piece| !piece.trim().is_empty()).take(words).collect()
}

/// The last so many words of a text.
fn tail(text: &str, words: usize) -> String {
    let pieces: Vec<&str> = text.split_inclusive([' ', '\n']).filter(|p| !p.trim().is_empty()).collect();
    pieces[pieces.len().saturating_sub(words)..].concat()
}

/// Words of an embedded passage: less than a third of the shortest original,
/// so that it unites nothing.
pub(crate) const PASSAGE_WORDS: usize = 40;

/// A feed and what was planted into it.
#[derive(Debug)]
pub(crate) struct Feed {
    /// The documents, in order.
    pub(crate) documents: Vec<Document>,
    /// Pairs of documents of which the second is a copy of the first, whole,
    /// reworded or cut, by index.
    pub(crate) copies: Vec<(usize, usize)>,
    /// Pairs of documents of which the second holds a passage of the first.
    pub(crate) excerpts: Vec<(usize, usize)>,
    /// Documents whose body stands twice.
    pub(crate) doubled: Vec<usize>,
}

impl Feed {
    /// So many documents of 150 to 650 words from 40 outlets. Of each thirty,
    /// two are copies word for word, two have 5 of 100 words replaced, two are
    /// cut to half, two embed the last words of an original, one is doubled.
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let mut writer = Writer::new(seed);
        let mut rng = Rng::new(seed ^ 1);
        let mut feed = Self { documents: Vec::new(), copies: vec![], excerpts: vec![], doubled: vec![] };
        for n in 0..count {
            let original = n - n % 10 + rng.below(6);
            let text = match n % 30 {
                6 | 16 => feed.copy(original, n, str::to_owned),
                7 | 17 => feed.copy(original, n, |text| writer.reworded(text, 5)),
                8 | 26 => feed.copy(original, n, |text| cut(text, text.split_whitespace().count() / 2)),
                9 | 19 => {
                    feed.excerpts.push((original, n));
                    let passage = tail(&feed.documents[original].text, PASSAGE_WORDS);
                    writer.prose(200) + &passage + "\n\n" + &writer.prose(150)
                }
                29 => {
                    feed.doubled.push(n);
                    let body = writer.prose(200);
                    body.clone() + &body
                }
                _ => writer.prose(150 + rng.below(501)),
            };
            let outlet = rng.below(40);
            feed.documents.push(Document {
                id: format!("article-{n:06}"),
                path: "feed.jsonl".into(),
                text,
                url: Some(format!("https://www.outlet-{outlet}.example/{n}")),
                ..Document::default()
            });
        }
        feed
    }

    fn copy(&mut self, original: usize, copy: usize, change: impl FnOnce(&str) -> String) -> String {
        self.copies.push((original, copy));
        change(&self.documents[original].text)
    }

    /// The documents as a corpus; their order is that of their ids.
    pub(crate) fn corpus(&self) -> Corpus {
        Corpus::try_new(self.documents.clone()).expect("a feed is small enough to be numbered")
    }

    /// The documents as JSON lines.
    pub(crate) fn json_lines(&self) -> String {
        let line = |document: &Document| {
            let record = serde_json::json!({
                "id": document.id, "url": document.url, "text": document.text,
                "title": "A title", "published": "2026-05-11T08:30:00Z",
            });
            format!("{record}\n")
        };
        self.documents.iter().map(line).collect()
    }

    /// Bytes of all texts.
    pub(crate) fn bytes(&self) -> u64 {
        self.documents.iter().map(|document| document.text.len() as u64).sum()
    }
}
