//! Origins and their copies.

use wirecopy::document::Span;
use wirecopy::time::Published;

use super::compose::{Composer, Link, trim};
use super::deal::{MAX_INSERTS, copy_kinds};
use super::labels::{PlantedLine, SpanLine};
use super::noise::{capitalised, misread, recase, substitute};
use super::outlets::{Credit, CreditFate, Outlet, draw_lag, draw_time, later, read_time};
use super::parts::Body;
use super::rng::Rng;
use super::words::words;
use super::{Kind, Planter, Record};

/// Words of an invented headline.
const HEADLINE_WORDS: usize = 7;

/// How often a copy gets another title, in per cent.
const RETITLED_PERCENT: usize = 30;

/// An original as it stands in the feed.
pub(super) struct Origin {
    /// Its place in the input.
    pub(super) index: usize,
    pub(super) id: String,
    pub(super) text: String,
    /// A headline as the first line, with its line end.
    headline: Span,
    /// The text as it was in the input.
    pub(super) body: Span,
    credit: Credit,
    pub(super) published: Published,
    pub(super) source: Option<String>,
    title: Option<String>,
}

impl Origin {
    pub(super) fn body(&self) -> Body<'_> {
        Body { origin: self.index, text: &self.text, span: self.body }
    }

    pub(super) fn body_text(&self) -> &str {
        &self.text[self.body.start..self.body.end]
    }
}

/// A copy in the making.
struct Copy {
    text: String,
    links: Vec<Link>,
    repeats: Vec<(Span, Span)>,
    fate: CreditFate,
    /// Its credit and the bytes in front of it; nothing where edits moved it.
    credit: Option<(Credit, usize)>,
}

impl Planter<'_> {
    /// Plants all copies: `copies` of different kinds for each origin.
    pub(super) fn plant_copies(&mut self) {
        let kinds = copy_kinds(self.plan);
        let tasks: Vec<(Kind, usize)> =
            (0..self.per_kind).flat_map(|index| kinds.iter().map(move |kind| (*kind, index))).collect();
        for group in tasks.chunks(self.plan.copies) {
            let Some((original, _)) = self.pool.take() else { return };
            let with_headline = group.iter().any(|(kind, _)| *kind == Kind::Headline);
            let origin = self.origin(original, with_headline);
            self.labels.member(&origin.id, &origin.id, origin.index);
            let mut siblings: Vec<(String, Vec<Span>)> = Vec::new();
            for &(kind, index) in group {
                let (id, taken) = self.plant_copy(&origin, kind, index);
                for (sibling, spans) in &siblings {
                    if overlap_enough(&taken, spans) {
                        self.labels.pair(sibling, &id, true);
                    }
                }
                siblings.push((id, taken));
            }
        }
    }

    /// An original as an origin: with a credit, at times, and a known time.
    pub(super) fn origin(&mut self, index: usize, with_headline: bool) -> Origin {
        let input = self.input;
        let record = &input[index];
        let mut rng = Rng::new(self.plan.seed, "origin", index);
        let credit = if with_headline {
            Credit::dateline(&mut rng)
        } else {
            Credit::of_original(record.source.as_deref(), &mut rng)
        };
        let published =
            record.published.as_deref().and_then(read_time).unwrap_or_else(|| draw_time(&mut rng));
        let body = record.text.trim();
        let headline = match (with_headline, &record.title) {
            (false, _) => String::new(),
            (true, Some(title)) if !title.trim().is_empty() => {
                format!("{}\n", title.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            (true, _) => format!("{}\n", invented_headline(body, &mut rng)),
        };
        let before = format!("{headline}{}", credit.prefix());
        let text = format!("{before}{body}{}", credit.suffix());
        let origin = Origin {
            index,
            id: record.id.clone(),
            headline: Span::new(0, headline.len()),
            body: Span::new(before.len(), before.len() + body.len()),
            text,
            credit,
            published,
            source: record.source.clone(),
            title: record.title.clone(),
        };
        if let Some(label) = origin.credit.label(&origin.text, headline.len()) {
            self.labels.credit(&origin.id, label);
        }
        let published = Some(published.to_string());
        self.rewritten.insert(index, Record { text: origin.text.clone(), published, ..record.clone() });
        origin
    }

    /// Adds one copy and its labels; gives its id and what it took of the
    /// origin.
    fn plant_copy(&mut self, origin: &Origin, kind: Kind, index: usize) -> (String, Vec<Span>) {
        let mut rng = Rng::new(self.plan.seed, &kind.to_string(), index);
        let outlet = self.other_outlet(&[origin.source.as_deref()], &mut rng);
        let copy = self.copy(origin, kind, &outlet, &mut rng);
        let id = self.new_id(kind, index);
        let lag_s = draw_lag(&mut rng);
        let is_retitled = kind == Kind::Headline || rng.chance(RETITLED_PERCENT);
        let title = match &origin.title {
            Some(title) if !is_retitled => Some(title.clone()),
            None if !is_retitled => None,
            _ => Some(invented_headline(origin.body_text(), &mut rng)),
        };
        for link in &copy.links {
            if copy.repeats.is_empty() {
                self.labels.span(SpanLine {
                    doc1: origin.id.clone(),
                    span1: link.from,
                    doc2: id.clone(),
                    span2: link.to,
                    kind,
                });
            }
        }
        for &(first, second) in &copy.repeats {
            let (doc1, doc2) = (id.clone(), id.clone());
            self.labels.span(SpanLine { doc1, span1: first, doc2, span2: second, kind });
        }
        if let Some(label) = copy.credit.and_then(|(credit, before)| credit.label(&copy.text, before)) {
            self.labels.credit(&id, label);
        }
        self.labels.member(&id, &origin.id, origin.index);
        self.labels.pair(&origin.id, &id, true);
        self.labels.pair_of_kind(kind, &origin.id, &id, true);
        self.labels.direction(&origin.id, &id);
        self.labels.planted(PlantedLine {
            id: id.clone(),
            kind,
            origins: vec![origin.id.clone()],
            lag_s: Some(lag_s),
            credit: Some(if origin.credit == Credit::None && copy.fate == CreditFate::Kept {
                "none"
            } else {
                copy.fate.name()
            }),
        });
        let published = later(origin.published, lag_s, &mut rng).map(|published| published.to_string());
        self.added.push(record(&id, copy.text, (title, published), &outlet));
        (id, copy.links.iter().map(|link| link.from).collect())
    }

    fn copy(&mut self, origin: &Origin, kind: Kind, outlet: &Outlet, rng: &mut Rng) -> Copy {
        let mut composer = Composer::default();
        let whole = Span::new(0, origin.text.len());
        if kind == Kind::Case {
            composer.edited(origin.index, whole, &recase(&origin.text, rng));
            let (text, links) = composer.finish(|_| &origin.text);
            return Copy { text, links, repeats: Vec::new(), fate: CreditFate::Kept, credit: None };
        }
        let (fate, credit) = match kind {
            Kind::Exact => (CreditFate::Kept, origin.credit.clone()),
            Kind::Headline => (CreditFate::Redated, Credit::dateline(rng)),
            _ => changed_credit(origin, outlet, rng),
        };
        if kind == Kind::Headline {
            composer.push(&format!("{}\n", invented_headline(origin.body_text(), rng)));
        } else {
            composer.copy(origin.index, &origin.text, origin.headline);
        }
        let before = composer.len();
        if fate == CreditFate::Kept {
            let prefix = Span::new(origin.headline.end, origin.body.start);
            composer.copy(origin.index, &origin.text, prefix);
        } else {
            composer.push(&credit.prefix());
        }
        let repeats = self.copy_body(&mut composer, origin, kind, rng);
        if fate == CreditFate::Kept {
            composer.copy(origin.index, &origin.text, Span::new(origin.body.end, origin.text.len()));
        } else {
            composer.push(&credit.suffix());
        }
        let (text, links) = composer.finish(|_| &origin.text);
        let repeats =
            repeats.iter().map(|&(first, second)| (trim(&text, first), trim(&text, second))).collect();
        Copy { text, links, repeats, fate, credit: Some((credit, before)) }
    }

    /// The body of a copy; gives the spans it repeats.
    fn copy_body(
        &mut self,
        composer: &mut Composer,
        origin: &Origin,
        kind: Kind,
        rng: &mut Rng,
    ) -> Vec<(Span, Span)> {
        let body = origin.body();
        let text = origin.body_text();
        match kind {
            Kind::Sub(percent) => {
                composer.edited(origin.index, origin.body, &substitute(text, percent, &self.vocabulary, rng));
            }
            Kind::Ocr(percent) => composer.edited(origin.index, origin.body, &misread(text, percent, rng)),
            Kind::Cut(percent) => composer.copy(origin.index, &origin.text, body.cut(percent)),
            Kind::Inserted => {
                let count = rng.between(1, MAX_INSERTS);
                let inserts: Vec<String> = (0..count).filter_map(|_| self.donated()).collect();
                body.insert(composer, &inserts, rng);
            }
            Kind::Dropped => body.drop(composer, rng),
            Kind::Reordered => body.reorder(composer, rng),
            Kind::Doubled => return body.double(composer),
            Kind::Interleaved => return body.repeat_groups(composer, 1),
            Kind::Alternated => return body.repeat_groups(composer, 2),
            _ => composer.copy(origin.index, &origin.text, origin.body),
        }
        Vec::new()
    }
}

/// A planted document.
pub(super) fn record(
    id: &str,
    text: String,
    (title, published): (Option<String>, Option<String>),
    outlet: &Outlet,
) -> Record {
    let url = Some(format!("https://www.{}/{id}", outlet.domain));
    Record { id: id.to_owned(), text, title, source: Some(outlet.domain.clone()), published, url }
}

/// What a copy makes of its origin's credit.
fn changed_credit(origin: &Origin, outlet: &Outlet, rng: &mut Rng) -> (CreditFate, Credit) {
    let fate = CreditFate::draw(rng);
    let credit = match (fate, &origin.source) {
        (CreditFate::Kept, _) => origin.credit.clone(),
        (CreditFate::Own, _) => Credit::byline(outlet, rng),
        (CreditFate::Named, Some(source)) => Credit::SourceLine { source: source.clone() },
        _ => return (CreditFate::Removed, Credit::None),
    };
    (fate, credit)
}

/// A headline from long words of the first half of a text, in their order.
pub(super) fn invented_headline(text: &str, rng: &mut Rng) -> String {
    let words = words(text);
    let long: Vec<&str> = words[..words.len().div_ceil(2)]
        .iter()
        .map(|word| &text[word.start..word.end])
        .filter(|word| word.chars().count() > 4 && word.chars().all(char::is_alphabetic))
        .collect();
    let chosen = rng.sample(long.len(), HEADLINE_WORDS);
    let mut title: Vec<String> = chosen.iter().map(|&n| capitalised(&long[n].to_lowercase())).collect();
    title.dedup();
    if title.is_empty() { "Untitled".to_owned() } else { title.join(" ") }
}

/// Whether two copies share at least half of what the smaller one took.
fn overlap_enough(a: &[Span], b: &[Span]) -> bool {
    let size = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    // Copies that repeat themselves take a place more than once: that only
    // makes them the larger side.
    let shared: usize = a.iter().map(|x| b.iter().map(|y| x.overlap(*y)).max().unwrap_or(0)).sum();
    2 * shared >= size(a).min(size(b))
}
