//! Hard negatives: documents that share words and are no copies.

use wirecopy::document::Span;

use super::copies::record;
use super::labels::{PlantedLine, SpanLine};
use super::negatives::{filled_form, footer, quoted};
use super::outlets::{Outlet, draw_time};
use super::rng::Rng;
use super::words::{blocks, passage, separator};
use super::{Kind, Labelled, Planter, Record};

/// Words of a shared quotation.
const QUOTATION_WORDS: (usize, usize) = (20, 45);

/// Documents under which one footer stands.
const FOOTER_GROUP: usize = 8;

/// Documents filled into one form by one publisher.
const FORM_GROUP: usize = 5;

/// A document made, before it is put into the feed.
struct Made {
    original: Option<usize>,
    record: Record,
    /// The words it shares; nothing for a form, which is all shared words.
    shared: Option<Span>,
}

impl Planter<'_> {
    /// Plants all hard negatives.
    pub(super) fn plant_negatives(&mut self) {
        for &kind in &self.plan.kinds {
            match kind {
                Kind::Quotation => (0..self.per_kind).for_each(|index| self.plant_quotation(index)),
                Kind::Boilerplate => self.in_groups(kind, FOOTER_GROUP, Self::with_footer),
                Kind::Template => self.in_groups(kind, FORM_GROUP, Self::filled),
                _ => {}
            }
        }
    }

    fn in_groups(
        &mut self,
        kind: Kind,
        size: usize,
        make: impl Fn(&mut Self, usize, &Outlet, &mut Rng) -> Option<Made>,
    ) {
        let indices: Vec<usize> = (0..self.per_kind).collect();
        for (group, indices) in indices.chunks(size).enumerate() {
            let outlet =
                self.other_outlet(&[], &mut Rng::new(self.plan.seed, &format!("{kind} outlet"), group));
            let made = indices.iter().filter_map(|&index| {
                let rng = &mut Rng::new(self.plan.seed, &kind.to_string(), index);
                make(self, index, &outlet, rng)
            });
            let made: Vec<Made> = made.collect();
            self.add_group(kind, made);
        }
    }

    fn plant_quotation(&mut self, index: usize) {
        let mut rng = Rng::new(self.plan.seed, "quotation", index);
        let Some(donated) = self.donated() else { return };
        let span = passage(&donated, QUOTATION_WORDS, &mut rng);
        let words: Vec<&str> = donated[span.start..span.end].split_whitespace().collect();
        let quotation = words.join(" ").replace(['"', '“', '”'], "");
        let quotation = quotation.trim_end_matches(['.', ',', ' ']);
        let mut made = Vec::new();
        for sentence in quoted(quotation, &mut rng) {
            let Some((original, _)) = self.pool.take() else { return };
            let record = &self.input[original];
            let text = record.text.trim();
            let place = rng.pick(&blocks(text));
            let gap = separator(text);
            let (before, after) = (text[..place.end].trim_end(), text[place.end..].trim_start());
            let mut new = format!("{before}{gap}{sentence}");
            if !after.is_empty() {
                new.push_str(gap);
                new.push_str(after);
            }
            let inside = sentence.find(quotation).expect("the sentence quotes the words");
            let start = before.len() + gap.len() + inside;
            let shared = Some(Span::new(start, start + quotation.len()));
            let taken = [made.first().and_then(|first: &Made| first.record.source.as_deref())];
            let outlet = self.other_outlet(&taken, &mut rng);
            let record = self.rewritten_by(original, new, &outlet, &mut rng);
            made.push(Made { original: Some(original), record, shared });
        }
        self.add_group(Kind::Quotation, made);
    }

    fn with_footer(&mut self, index: usize, outlet: &Outlet, rng: &mut Rng) -> Option<Made> {
        let (original, _) = self.pool.take()?;
        let text = self.input[original].text.trim();
        let footer = footer(outlet, index / FOOTER_GROUP);
        let start = text.len() + 2;
        let new = format!("{text}\n\n{footer}");
        let record = self.rewritten_by(original, new, outlet, rng);
        Some(Made { original: Some(original), record, shared: Some(Span::new(start, start + footer.len())) })
    }

    fn filled(&mut self, index: usize, outlet: &Outlet, rng: &mut Rng) -> Option<Made> {
        let (title, text) = filled_form(index / FORM_GROUP, rng);
        let published = Some(draw_time(rng).to_string());
        let id = self.new_id(Kind::Template, index);
        Some(Made {
            original: None,
            record: record(&id, text, (Some(title), published), outlet),
            shared: None,
        })
    }

    /// An original with another text, carried by `outlet`.
    fn rewritten_by(&self, original: usize, text: String, outlet: &Outlet, rng: &mut Rng) -> Record {
        let old = &self.input[original];
        let published = old.published.as_deref().and_then(super::outlets::read_time);
        let published = published.unwrap_or_else(|| draw_time(rng)).to_string();
        record(&old.id, text, (old.title.clone(), Some(published)), outlet)
    }

    /// Puts documents that share words into the feed, and labels every two of
    /// them as unrelated.
    fn add_group(&mut self, kind: Kind, made: Vec<Made>) {
        for (place, one) in made.iter().enumerate() {
            for other in &made[..place] {
                let (id1, id2) = (&other.record.id, &one.record.id);
                self.labels.pair(id1, id2, false);
                self.labels.pair_of_kind(kind, id1, id2, false);
                if let (Some(span1), Some(span2)) = (other.shared, one.shared) {
                    let (doc1, doc2) = (id1.clone(), id2.clone());
                    self.labels.shared_span(SpanLine { doc1, span1, doc2, span2, kind });
                }
            }
        }
        for Made { original, record, .. } in made {
            let id = record.id.clone();
            self.singletons.push(Labelled { id: id.clone(), cluster: id.clone(), original });
            self.labels.planted(PlantedLine { id, kind, origins: Vec::new(), lag_s: None, credit: None });
            match original {
                Some(original) => drop(self.rewritten.insert(original, record)),
                None => self.added.push(record),
            }
        }
    }
}
