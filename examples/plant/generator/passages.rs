//! Passages of originals inside unrelated documents.

use std::collections::HashSet;

use wirecopy::document::Span;

use super::compose::Composer;
use super::copies::{Origin, record};
use super::labels::{PlantedLine, SpanLine};
use super::outlets::{draw_lag, later};
use super::rng::Rng;
use super::words::{blocks, passage, separator, words};
use super::{Family, Kind, Planter};

/// Words of an embedded passage.
const PASSAGE_WORDS: (usize, usize) = (60, 200);

/// How often a passage says where it is from, in per cent.
const NAMED_PERCENT: usize = 30;

/// Words of a run that few texts say twice by chance.
const RUN: usize = 8;

/// Draws of a passage until one is the text's own.
const MAX_DRAWS: usize = 16;

/// A passage that is not itself a block quote, if a few draws find one: what two
/// documents quote of a third is `quote` to those who label pairs, not a copy.
fn own_passage(body: &str, rng: &mut Rng) -> Span {
    let mut span = passage(body, PASSAGE_WORDS, rng);
    for _ in 1..MAX_DRAWS {
        if !is_block_quote(&body[span.start..span.end]) {
            break;
        }
        span = passage(body, PASSAGE_WORDS, rng);
    }
    span
}

/// Whether half of the lines or more begin with a mark that quotes them. The
/// first may begin inside a line.
fn is_block_quote(text: &str) -> bool {
    let lines = || text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let quoted = lines().filter(|line| {
        let line = line.trim_start();
        let behind = line.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        behind.starts_with('>') || line.starts_with(['|', ':', '}', ']', '#', '='])
    });
    2 * quoted.count() >= lines().count().max(1)
}

/// Whether nine in ten runs of [`RUN`] words stand once in a text.
fn stands_once(text: &str) -> bool {
    let words: Vec<&str> = words(text).iter().map(|word| &text[word.start..word.end]).collect();
    let distinct: HashSet<&[&str]> = words.windows(RUN).collect();
    10 * distinct.len() >= 9 * words.windows(RUN).len()
}

impl Planter<'_> {
    /// Plants all passages: the host is an original too, rewritten in place.
    pub(super) fn plant_passages(&mut self) {
        for &kind in &self.plan.kinds {
            let Family::Passage { origins } = kind.family() else { continue };
            for index in 0..self.per_kind {
                let Some((host, _)) = self.pool.take() else { return };
                let parts: Vec<usize> = (0..origins).filter_map(|_| self.take_with_own_text()).collect();
                if parts.len() < origins {
                    return;
                }
                let parts: Vec<Origin> = parts.iter().map(|&part| self.origin(part, false)).collect();
                self.plant_passage(kind, index, host, &parts);
            }
        }
    }

    /// The next original of which a passage can be taken that is its own and has
    /// one place: not mostly block quotes, and hardly anything said twice. Those
    /// before it are set aside.
    fn take_with_own_text(&mut self) -> Option<usize> {
        loop {
            let (original, _) = self.pool.take()?;
            let record = &self.input[original];
            let text = record.text.trim();
            if !is_block_quote(text) && stands_once(text) {
                return Some(original);
            }
            self.labels.ignore(&record.id, "unfit");
        }
    }

    fn plant_passage(&mut self, kind: Kind, index: usize, host: usize, parts: &[Origin]) {
        let input = self.input;
        let host = (host, &input[host]);
        let mut rng = Rng::new(self.plan.seed, &kind.to_string(), index);
        let text = host.1.text.trim();
        let blocks = blocks(text);
        let places = rng.sample(blocks.len(), parts.len());
        let mut composer = Composer::default();
        let mut parts_left = parts.iter();
        let mut is_named = false;
        let mut done = 0;
        for (number, block) in blocks.iter().enumerate() {
            let end = block.start + text[block.start..block.end].trim_end().len();
            composer.push(&text[done..end]);
            done = end;
            // A text of fewer blocks than passages has the rest at its end.
            let is_last = number + 1 == blocks.len();
            let mut is_place = places.contains(&number);
            while is_place || is_last {
                let Some(part) = parts_left.next() else { break };
                let body = part.body_text();
                let span = own_passage(body, &mut rng);
                composer.push(separator(text));
                if let Some(source) = part.source.as_deref().filter(|_| rng.chance(NAMED_PERCENT)) {
                    composer.push(&format!("As {source} reported: "));
                    is_named = true;
                }
                let span = Span::new(part.body.start + span.start, part.body.start + span.end);
                composer.copy(part.index, &part.text, span);
                is_place = false;
                if !is_last {
                    composer.push(separator(text));
                    done = end + text[end..].len() - text[end..].trim_start().len();
                }
            }
        }
        let find = |origin: usize| parts.iter().find(|part| part.index == origin);
        let (text, links) = composer.finish(|origin| find(origin).map_or("", |part| part.text.as_str()));
        let id = host.1.id.clone();
        for link in links {
            let Some(part) = find(link.origin) else { continue };
            let (doc1, doc2) = (part.id.clone(), id.clone());
            self.labels.span(SpanLine { doc1, span1: link.from, doc2, span2: link.to, kind });
        }
        for part in parts {
            self.labels.pair_of_kind(kind, &part.id, &id, true);
            self.labels.direction(&part.id, &id);
            self.labels.ignore(&part.id, "passage");
        }
        self.labels.ignore(&id, "passage");
        let sources: Vec<Option<&str>> = parts.iter().map(|part| part.source.as_deref()).collect();
        let outlet = self.other_outlet(&sources, &mut rng);
        let lag_s = draw_lag(&mut rng);
        let latest = parts.iter().map(|part| part.published).max_by_key(|published| published.interval());
        let published = latest.and_then(|latest| later(latest, lag_s, &mut rng)).map(|p| p.to_string());
        self.labels.planted(PlantedLine {
            id: id.clone(),
            kind,
            origins: parts.iter().map(|part| part.id.clone()).collect(),
            lag_s: Some(lag_s),
            credit: Some(if is_named { "named" } else { "removed" }),
        });
        self.rewritten.insert(host.0, record(&id, text, (host.1.title.clone(), published), &outlet));
    }
}
