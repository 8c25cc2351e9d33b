//! Runs with characters outside ASCII.
//!
//! A run goes from a character that is no separator to the next separator. Its
//! characters are cut into *segments*, each a character and those behind it that
//! join: only inside a segment can normalisation reorder or compose. A segment
//! of one character, or of one with ordered marks that compose with nothing,
//! takes its form from the class pages; any other goes through the general
//! normalisation. What comes out feeds the [`Assembler`], so a run of any length
//! needs memory for its longest segment and its longest token only.

use std::ops::Range;

use crate::text::class::{self, Cell, Entry, Kind};
use crate::text::normalize::{Normalizer, Source};

/// The state of one run, kept for its buffers.
#[derive(Debug, Default)]
pub(super) struct Run {
    segment: Vec<Cell>,
    normalizer: Normalizer,
    assembler: Assembler,
}

impl Run {
    /// Hands the tokens of the run that begins at `start` to `sink` and returns
    /// the offset behind the separator that ends it.
    pub(super) fn tokenize(
        &mut self,
        bytes: &[u8],
        start: usize,
        sink: &mut impl FnMut(&[u8], usize, usize),
    ) -> usize {
        let mut current = read_visible(bytes, start);
        while current.entry.kind != Kind::Separator {
            let next = read_visible(bytes, current.end);
            if next.entry.joins() {
                current = self.add_segment(bytes, [current, next], sink);
            } else if current.entry.kind == Kind::Word && self.assembler.state == State::Word {
                current.entry.push_to(&mut self.assembler.bytes);
                self.assembler.end = current.end;
                current = next;
            } else {
                self.add_single(current, sink);
                current = next;
            }
        }
        self.assembler.finish(sink);
        current.end
    }

    /// Gives back memory beyond `bytes` per buffer.
    pub(super) fn shrink_to(&mut self, bytes: usize) {
        self.segment.clear();
        self.segment.shrink_to(bytes / size_of::<Cell>());
        self.normalizer.shrink_to(bytes);
        self.assembler.bytes.shrink_to(bytes);
    }

    fn add_single(&mut self, cell: Cell, sink: &mut impl FnMut(&[u8], usize, usize)) {
        let span = cell.start..cell.end;
        match cell.entry.kind {
            Kind::Joining => self.add_normalised(&[cell], sink),
            Kind::Expanding => {
                for entry in class::expansion(cell.code) {
                    self.assembler.add(entry, span.clone(), sink);
                }
            }
            _ => self.assembler.add(&cell.entry, span, sink),
        }
    }

    /// Adds the segment that begins with `first`, of which the second joins,
    /// and returns the first character behind it.
    fn add_segment(
        &mut self,
        bytes: &[u8],
        first: [Cell; 2],
        sink: &mut impl FnMut(&[u8], usize, usize),
    ) -> Cell {
        let mut segment = std::mem::take(&mut self.segment);
        segment.clear();
        segment.extend(first);
        let behind = loop {
            let next = read_visible(bytes, segment[segment.len() - 1].end);
            if !next.entry.joins() {
                break next;
            }
            segment.push(next);
        };
        let is_plain = |entry: &Entry| !matches!(entry.kind, Kind::Expanding | Kind::Joining);
        let is_steady = segment.iter().all(|cell| is_plain(&cell.entry))
            && segment.windows(2).all(|pair| pair[0].entry.combining_class <= pair[1].entry.combining_class);
        if is_steady {
            for cell in &segment {
                self.assembler.add(&cell.entry, cell.start..cell.end, sink);
            }
        } else {
            self.add_normalised(&segment, sink);
        }
        self.segment = segment;
        behind
    }

    fn add_normalised(&mut self, segment: &[Cell], sink: &mut impl FnMut(&[u8], usize, usize)) {
        let sources = segment
            .iter()
            .filter_map(|cell| Some(Source::new(char::from_u32(cell.code)?, cell.start..cell.end)));
        for source in self.normalizer.normalize(sources) {
            self.assembler.add(&class::normalised(source.character), source.span(), sink);
        }
    }
}

/// The character at `at`, or the first one behind it that is not ignorable.
#[inline]
fn read_visible(bytes: &[u8], mut at: usize) -> Cell {
    loop {
        let cell = class::read(bytes, at);
        if cell.entry.kind != Kind::Ignorable {
            return cell;
        }
        at = cell.end;
    }
}

/// Builds tokens out of normalised characters.
#[derive(Debug, Default)]
struct Assembler {
    /// The word so far, or the last unit and the unit so far.
    bytes: Vec<u8>,
    state: State,
    /// Of the word, or of the unit so far.
    start: usize,
    /// Of the word, or of the unit so far.
    end: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum State {
    #[default]
    Empty,
    Word,
    /// One unit in `bytes`, no token made yet.
    FirstUnit,
    /// Two units in `bytes`: the second begins at `split`, the first begins at
    /// offset `start` of the text.
    TwoUnits {
        split: usize,
        start: usize,
    },
}

impl Assembler {
    fn add(&mut self, entry: &Entry, span: Range<usize>, sink: &mut impl FnMut(&[u8], usize, usize)) {
        match entry.kind {
            Kind::Word => {
                if self.state != State::Word {
                    self.finish(sink);
                    self.state = State::Word;
                    self.start = span.start;
                    self.end = span.end;
                }
            }
            Kind::Bigram => self.begin_unit(&span, sink),
            Kind::Mark if self.state != State::Empty => {}
            Kind::Mark => return,
            _ => return self.finish(sink),
        }
        entry.push_to(&mut self.bytes);
        // Reordered marks may stand before what they were put behind.
        self.start = self.start.min(span.start);
        self.end = self.end.max(span.end);
    }

    /// Ends the token or unit so far.
    fn finish(&mut self, sink: &mut impl FnMut(&[u8], usize, usize)) {
        match self.state {
            State::Empty => return,
            State::Word | State::FirstUnit => sink(&self.bytes, self.start, self.end),
            State::TwoUnits { start, .. } => sink(&self.bytes, start, self.end),
        }
        self.state = State::Empty;
        self.bytes.clear();
    }

    fn begin_unit(&mut self, span: &Range<usize>, sink: &mut impl FnMut(&[u8], usize, usize)) {
        self.state = match self.state {
            State::Empty | State::Word => {
                self.finish(sink);
                State::FirstUnit
            }
            State::FirstUnit => State::TwoUnits { split: self.bytes.len(), start: self.start },
            State::TwoUnits { split, start } => {
                sink(&self.bytes, start, self.end);
                let unit = self.bytes.len() - split;
                match <[u8; 3]>::try_from(&self.bytes[split..]) {
                    // Ideographs and syllables: no call to move three bytes.
                    Ok(three) => self.bytes[..3].copy_from_slice(&three),
                    Err(_) => self.bytes.copy_within(split.., 0),
                }
                self.bytes.truncate(unit);
                State::TwoUnits { split: unit, start: self.start }
            }
        };
        self.start = span.start;
        self.end = span.end;
    }
}
