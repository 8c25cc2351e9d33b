//! The places of documents that are furniture.
//!
//! Witnesses tell it of the documents that they are. In a large collection a
//! footer is joined by stars: each document that has it is compared with few of
//! the others, and those may be too much like it, or too few, to be witnesses. So
//! what is furniture in one document is followed along the pairs of its source:
//! where another has the same place word for word, beside more text of its own,
//! it is furniture there. What is most of a document is not: that may be the
//! note which others carry, unless very many do.
//!
//! Rounds go on until nothing is new, eight at most, each looking only along
//! the passages that lie where the round before told something new, so all of
//! them together are not much more than O(p) in the passages; and no round depends
//! on the order of its pairs.

use rayon::prelude::*;

use super::places::{Carried, Wide, common, inside, moved, united, widely_carried};
use super::{MAX_COVERED, MIN_VERBATIM, Testimony, is_witnessed};
use crate::document::{DocId, Span};
use crate::report::{Passage, PassageKind};

/// Share of a passage that must be furniture for all of it to be.
const MIN_INSIDE: f64 = 0.8;

/// Pairs along which a place is followed. Stars and chains of neighbours are
/// some steps wide; a longer chain is one in which nobody witnesses anything.
const MAX_STEPS: usize = 8;

/// Other documents that carry a place from which it is furniture also of a
/// document of which it is most, such as a short page: no note is taken up by so
/// many pages that have nothing else in common.
const MANY_CARRIERS: usize = 32;

/// Share of a passage that must be furniture where the rest would be none.
const MIN_HALF_INSIDE: f64 = 0.5;

/// Links of a document that one task takes, at least.
const ENDS_TOGETHER: usize = 64;

/// The furniture of a collection.
#[derive(Clone, Debug, Default)]
pub struct Furniture {
    /// Of each document, in the order of its text; nothing if there is none at all.
    places: Vec<Vec<Wide>>,
    min_passage_tokens: usize,
}

/// What pairs of one source say of furniture.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    carried: Vec<Carried>,
    links: Vec<Link>,
}

/// A passage of two documents of a source that agrees word for word.
#[derive(Clone, Copy, Debug)]
struct Link {
    ends: [DocId; 2],
    spans: [Span; 2],
    tokens: usize,
    /// Whether it is a part of either document, and not most of it.
    is_part: [bool; 2],
}

impl Evidence {
    /// Takes what a pair says whose documents have so many tokens.
    pub fn add(&mut self, ends: [DocId; 2], testimony: Testimony, tokens: [usize; 2], passages: &[Passage]) {
        let ([a, b], weight) = (ends, testimony.weight());
        for passage in passages {
            if weight > 0 && is_witnessed(passage.kind) {
                self.carried.extend([(a, b, passage.a, weight), (b, a, passage.b, weight)]);
            }
            if passage.kind == PassageKind::Copy && passage.identity >= MIN_VERBATIM {
                self.links.push(Link {
                    ends,
                    spans: [passage.a, passage.b],
                    tokens: passage.tokens,
                    is_part: tokens.map(|tokens| (passage.tokens as f64) < MAX_COVERED * tokens as f64),
                });
            }
        }
    }

    /// Both together.
    pub fn and(mut self, mut other: Self) -> Self {
        self.carried.append(&mut other.carried);
        self.links.append(&mut other.links);
        self
    }
}

/// The links of each document: their numbers, and which of their ends it is.
struct Ends {
    /// By document: where its ends begin in `of_links`, and the end.
    starts: Vec<usize>,
    of_links: Vec<(usize, usize)>,
}

impl Ends {
    fn new(links: &[Link], documents: usize) -> Self {
        let mut starts = vec![0; documents + 2];
        for end in links.iter().flat_map(|link| link.ends) {
            starts[end.index() + 2] += 1;
        }
        for document in 2..starts.len() {
            starts[document] += starts[document - 1];
        }
        let mut of_links = vec![(0, 0); 2 * links.len()];
        for (number, link) in links.iter().enumerate() {
            for (side, end) in link.ends.into_iter().enumerate() {
                let next = &mut starts[end.index() + 1];
                of_links[*next] = (number, side);
                *next += 1;
            }
        }
        Self { starts, of_links }
    }

    fn of(&self, document: DocId) -> &[(usize, usize)] {
        &self.of_links[self.starts[document.index()]..self.starts[document.index() + 1]]
    }
}

impl Furniture {
    /// What witnesses tell, pairs of documents of one source that are otherwise
    /// unrelated, followed along the passages of all pairs of one source. Of a
    /// collection of so many documents, and passages of so many tokens at the least.
    pub fn new(evidence: Evidence, documents: usize, min_passage_tokens: usize) -> Self {
        let Evidence { mut carried, links } = evidence;
        carried.par_sort_unstable();
        let of_one = |carried: &[Carried]| (carried[0].0, widely_carried(carried));
        let by_document = carried.par_chunk_by(|one, two| one.0 == two.0).map(of_one);
        let found: Vec<(DocId, Vec<Wide>)> = by_document.filter(|(_, places)| !places.is_empty()).collect();
        drop(carried);
        let mut furniture = Self { places: Vec::new(), min_passage_tokens };
        if !found.is_empty() {
            furniture.places.resize_with(documents, Vec::new);
            furniture.set(found.clone());
            furniture.follow(&links, found);
        }
        furniture
    }

    /// Follows the places of documents that are new along links.
    fn follow(&mut self, links: &[Link], mut new: Vec<(DocId, Vec<Wide>)>) {
        let ends = Ends::new(links, self.places.len());
        for _ in 0..MAX_STEPS {
            let of_end = |places: &[Wide], (link, side): (usize, usize)| match &links[link] {
                link if inside(places, link.spans[side]).is_empty() => Vec::new(),
                link => self.carried_over(link, side),
            };
            let of_document = |(document, places): &(DocId, Vec<Wide>)| -> Vec<(DocId, Wide)> {
                let ends = ends.of(*document).par_iter().with_min_len(ENDS_TOGETHER);
                ends.flat_map_iter(|&end| of_end(places, end)).collect()
            };
            let mut found: Vec<(DocId, Wide)> = new.par_iter().flat_map_iter(of_document).collect();
            if found.is_empty() {
                return;
            }
            found.par_sort_unstable();
            let of_one = |found: &[(DocId, Wide)]| {
                let (document, places): (_, Vec<Wide>) =
                    (found[0].0, found.iter().map(|(_, place)| *place).collect());
                let all = united(&[self.of_document(document), &places].concat());
                ((document, united(&places)), (document, all))
            };
            let all: Vec<(DocId, Vec<Wide>)>;
            (new, all) = found.par_chunk_by(|one, two| one.0 == two.0).map(of_one).unzip();
            self.set(all);
        }
    }

    /// Sets the places of documents.
    fn set(&mut self, places: Vec<(DocId, Vec<Wide>)>) {
        places.into_iter().for_each(|(document, places)| self.places[document.index()] = places);
    }

    /// The places that the other document of a link has of the one at this end,
    /// as far as they are not known there; a few bytes at their edges are not
    /// worth it, as a place moves by as much where the texts differ.
    fn carried_over(&self, link: &Link, from: usize) -> Vec<(DocId, Wide)> {
        let to = 1 - from;
        let known = link.ends.map(|end| self.of_document(end));
        let Some(most) = self.carriers(known[from], link.spans[from], link.tokens) else { return Vec::new() };
        if !link.is_part[to] && most < MANY_CARRIERS {
            return Vec::new();
        }
        let mut unknown = 0;
        let mut carried = Vec::new();
        for &(place, carriers) in inside(known[from], link.spans[from]) {
            let place = moved(place, link.spans[from], link.spans[to]);
            let as_wide = inside(known[to], place).iter().filter(|(_, most)| *most >= carriers);
            let covered: usize = as_wide.map(|(span, _)| common(*span, place)).sum();
            if covered < place.len() {
                unknown += place.len() - covered;
                carried.push((link.ends[to], (place, carriers)));
            }
        }
        if (unknown as f64) < (1.0 - MIN_VERBATIM) * link.spans[to].len() as f64 {
            return Vec::new();
        }
        carried
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Whether one of two documents has some.
    pub fn has(&self, documents: [DocId; 2]) -> bool {
        documents.into_iter().any(|document| !self.of_document(document).is_empty())
    }

    /// Which of the passages of two documents are furniture: their numbers, in
    /// order, and how many other documents carry them.
    pub fn of(&self, documents: [DocId; 2], passages: &[Passage]) -> Vec<(usize, usize)> {
        let [of_a, of_b] = documents.map(|document| self.of_document(document));
        let copies = passages.iter().enumerate().filter(|(_, passage)| passage.kind == PassageKind::Copy);
        let carried = copies.filter_map(|(at, passage)| {
            let carriers = |of, span| self.carriers(of, span, passage.tokens);
            carriers(of_a, passage.a).max(carriers(of_b, passage.b)).map(|carriers| (at, carriers))
        });
        carried.collect()
    }

    /// How many others carry a passage of so many tokens, if it is furniture: most
    /// of it lies there, or half, and the rest would be no passage. The number is
    /// one that holds for as much of it.
    fn carriers(&self, furniture: &[Wide], passage: Span, tokens: usize) -> Option<usize> {
        let len = (passage.end - passage.start).max(1) as f64;
        let mut parts: Vec<(usize, usize)> = inside(furniture, passage)
            .iter()
            .map(|(span, carriers)| (*carriers, common(*span, passage)))
            .collect();
        let share = parts.iter().map(|(_, bytes)| bytes).sum::<usize>() as f64 / len;
        let rest = (1.0 - share) * tokens as f64;
        let least = match rest < self.min_passage_tokens as f64 {
            true => MIN_HALF_INSIDE,
            false => MIN_INSIDE,
        };
        parts.sort_unstable_by(|one, other| other.cmp(one));
        let mut covered = 0;
        parts.into_iter().find_map(|(carriers, bytes)| {
            covered += bytes;
            (covered as f64 >= least * len).then_some(carriers)
        })
    }

    fn of_document(&self, document: DocId) -> &[Wide] {
        self.places.get(document.index()).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FOOTER: Span = Span { start: 1000, end: 1200 };

    fn passage(a: Span, b: Span) -> Passage {
        let tokens = (a.end - a.start) / 2;
        Passage { a, b, tokens, identity: 1.0, kind: PassageKind::Copy, reason: "".into() }
    }

    fn id(document: usize) -> DocId {
        DocId::new(document)
    }

    /// Pairs that witness a place of both documents.
    fn witnesses(ends: impl IntoIterator<Item = [usize; 2]>, place: Span) -> Evidence {
        let mut evidence = Evidence::default();
        for ends in ends {
            evidence.add(ends.map(id), Testimony::Full, [1000; 2], &[passage(place, place)]);
        }
        evidence
    }

    /// The footer of so many documents that are witnesses for the first two of
    /// them, beside other evidence; of 100 documents.
    fn witnessed(by: usize, links: Evidence) -> Furniture {
        let pairs = (0..2).flat_map(|one| (2..2 + by).map(move |other| [one, other]));
        Furniture::new(witnesses(pairs, FOOTER).and(links), 100, 25)
    }

    /// Related documents of one source that share a place.
    fn link(ends: [usize; 2], spans: [Span; 2], tokens: [usize; 2]) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.add(ends.map(id), Testimony::Related, tokens, &[passage(spans[0], spans[1])]);
        evidence
    }

    fn has(furniture: &Furniture, document: usize, span: Span) -> bool {
        !furniture.of([id(document), id(99)], &[passage(span, span)]).is_empty()
    }

    #[test]
    fn furniture_is_followed_along_pairs_that_witness_nothing() {
        let places = [Span::new(1000, 1200), Span::new(40, 240), Span::new(7, 207)];
        let link_to_50 = link([1, 50], [places[0], places[1]], [1000, 1000]);
        let links = link_to_50.and(link([50, 51], [places[1], places[2]], [1000, 1000]));
        assert!(!has(&witnessed(2, Evidence::default()), 50, places[1]));
        let furniture = witnessed(2, links);
        assert!(has(&furniture, 50, places[1]) && has(&furniture, 51, places[2]));
        assert!(!has(&furniture, 50, Span::new(240, 440)) && !has(&furniture, 52, places[0]));
        let told = furniture.of([id(51), id(99)], &[passage(places[2], places[2])]);
        assert_eq!(told, [(0, 2)], "the number of carriers is that of the witnessed place");
    }

    #[test]
    fn what_is_longer_at_every_step_is_no_furniture_in_the_end() {
        // Each pair shares a fifth more than the one before.
        let longer = |step: u32| Span::new(1000, 1000 + (200.0 * 1.2f64.powi(step as i32)) as usize);
        let of_step = |step: usize| link([step + 1, step + 2], [longer(step as u32); 2], [5000, 5000]);
        let furniture = witnessed(2, (1..8).map(of_step).fold(Evidence::default(), Evidence::and));
        assert!(has(&furniture, 3, FOOTER));
        assert!(!has(&furniture, 3, longer(3)) && !has(&furniture, 9, longer(3)));
    }

    #[test]
    fn a_place_that_comes_back_moved_by_a_few_bytes_does_not_grow() {
        let moved = Span::new(FOOTER.start + 4, FOOTER.end + 4);
        let circle = link([1, 50], [FOOTER; 2], [1000; 2]).and(link([50, 51], [FOOTER; 2], [1000; 2]));
        let furniture = witnessed(2, circle.and(link([51, 1], [FOOTER, moved], [1000; 2])));
        assert!(has(&furniture, 50, FOOTER) && has(&furniture, 51, FOOTER));
        assert_eq!(furniture.of_document(id(1)), [(FOOTER, 2)]);
    }

    /// All links in each round, whatever the round before told.
    fn followed_along_all(mut furniture: Furniture, links: &[Link]) -> Furniture {
        for _ in 0..MAX_STEPS {
            let found: Vec<(DocId, Wide)> = links
                .iter()
                .flat_map(|link| [0, 1].map(|from| furniture.carried_over(link, from)))
                .flatten()
                .collect();
            for document in 0..furniture.places.len() {
                let places = found.iter().filter(|(to, _)| to.index() == document).map(|(_, place)| *place);
                let all: Vec<Wide> = furniture.places[document].iter().copied().chain(places).collect();
                furniture.places[document] = united(&all);
            }
        }
        furniture
    }

    proptest! {
        #[test]
        fn nothing_is_missed_by_looking_only_where_something_is_new(
            witnessed in prop::collection::vec((0usize..6, 0usize..8, 1usize..6), 0..6),
            linked in prop::collection::vec(([0usize..6, 0..6], [0usize..60, 0..60], 4usize..30, 10usize..99), 0..20),
        ) {
            let mut evidence = Evidence::default();
            for (document, start, len) in witnessed {
                let place = Span::new(start * 20, (start + len) * 20);
                let pairs = [10, 11].map(|other| [document, other]);
                evidence = evidence.and(witnesses(pairs, place));
            }
            for (ends, starts, len, tokens) in linked {
                let spans = starts.map(|start| Span::new(start * 7, start * 7 + len * 5));
                evidence = evidence.and(link(ends, spans, [tokens; 2]));
            }
            let links = evidence.links.clone();
            let told = Evidence { links: Vec::new(), ..evidence.clone() };
            let mut furniture = Furniture::new(evidence, 12, 25);
            let mut expected = followed_along_all(Furniture::new(told, 12, 25), &links);
            // Where one begins as another ends with as many carriers, they are one or two.
            for places in furniture.places.iter_mut().chain(&mut expected.places) {
                *places = united(places);
            }
            prop_assert_eq!(furniture.places, expected.places);
        }
    }

    #[test]
    fn most_of_a_document_is_furniture_only_if_very_many_carry_it() {
        let link = |tokens| link([1, 80], [FOOTER, FOOTER], [1000, tokens]);
        let cases =
            [(2, 1000, true), (2, 150, false), (MANY_CARRIERS - 1, 150, false), (MANY_CARRIERS, 150, true)];
        for (carriers, tokens, is_furniture) in cases {
            let furniture = witnessed(carriers, link(tokens));
            assert_eq!(has(&furniture, 80, FOOTER), is_furniture, "{carriers} {tokens}");
        }
    }

    #[test]
    fn the_number_of_carriers_holds_for_all_that_is_told() {
        // Behind the footer follows what two others have.
        let furniture = witnessed(40, witnesses([[0, 60], [0, 61]], Span::new(1200, 2000)));
        let both = Span::new(1000, 2000);
        assert_eq!(furniture.of([id(0), id(99)], &[passage(both, both)]), [(0, 2)]);
        assert_eq!(furniture.of([id(0), id(99)], &[passage(FOOTER, FOOTER)]), [(0, 40)]);
    }
}
