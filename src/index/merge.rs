//! Several segments → one, without the documents that are gone.
//!
//! Segments are merged when those of about one size make one of the next, eight
//! times as large (size tiers, as in log-structured merge trees: O'Neil et al.
//! 1996), so that an index of n batches has O(log n) segments and a document is
//! written again O(log n) times. Rows and signatures are copied; tables are
//! merged part by part, by the upper bits of their keys, so that what is in
//! memory is 16 parts in 256 of them.

use std::path::Path;

use rayon::prelude::*;

use super::pack::Location;
use super::segment::{Kind, Segment, Shape, Writer};
use super::table::Entry;
use crate::error::Error;

/// How much larger the segments of the next size are: a power of two.
const FAN: u32 = 8;

/// Bits of a key that name the part of a table that is merged at once.
const PART_BITS: u32 = 8;

/// Parts that are read side by side.
const PARTS_AT_ONCE: u64 = 16;

/// Documents that are copied at once.
const ROWS_AT_ONCE: u32 = 4096;

/// Documents from which on a segment is not merged any more: its tables keep
/// less than 2^32 entries up to 1,000 for each.
const MOST_DOCUMENTS: u32 = 1 << 22;

/// Which of the last segments, of these sizes, are to be merged: none, or from
/// this one on. They are those of one size and below, if they make a segment of
/// the next size.
pub(super) fn due(sizes: &[u32]) -> Option<usize> {
    let tier = |size: u32| size.max(1).ilog2() / FAN.ilog2();
    let largest = sizes.iter().map(|&size| tier(size)).max()?;
    (0..=largest).rev().find_map(|most| {
        let is_smaller = |&&size: &&u32| tier(size) <= most && size < MOST_DOCUMENTS / FAN;
        let tail = || sizes.iter().rev().take_while(is_smaller);
        let sum: u64 = tail().map(|&size| u64::from(size)).sum();
        (sum >= u64::from(FAN).pow(most + 1)).then(|| sizes.len() - tail().count())
    })
}

/// Which documents a merged segment has, and where they lie from then on.
pub(super) trait Choice: Sync {
    /// Whether the document with this number is kept.
    fn is_kept(&self, number: u32) -> bool;

    /// Where it lies, if that is another place than before.
    fn moved(&self, number: u32) -> Option<Location>;
}

/// Writes the documents of `segments` that are chosen into a new segment; gives
/// its length, the checksum that stands for it, and how many documents it has.
pub(super) fn merge(
    path: &Path,
    segments: &[&Segment],
    shape: Shape,
    choice: &dyn Choice,
) -> Result<(u64, u64, u32), Error> {
    let (places, runs) = renumber(segments, choice);
    let documents = runs.iter().map(|(_, count)| count).sum();
    let mut writer = Writer::create(path, shape, &runs)?;
    for (segment, places) in segments.iter().zip(&places) {
        for from in (0..segment.len()).step_by(ROWS_AT_ONCE as usize) {
            let to = (from + ROWS_AT_ONCE).min(segment.len());
            for (place, mut row) in (from..).zip(segment.rows(from, to)?) {
                if places[place as usize].is_some() {
                    let number = segment.number(place);
                    row.location = number.and_then(|number| choice.moved(number)).unwrap_or(row.location);
                    writer.row(&row)?;
                }
            }
        }
    }
    for (segment, places) in segments.iter().zip(&places) {
        for from in (0..segment.len()).step_by(ROWS_AT_ONCE as usize) {
            let to = (from + ROWS_AT_ONCE).min(segment.len());
            let words = segment.signatures(from, to)?;
            for (signature, place) in words.chunks_exact(shape.words).zip(&places[from as usize..]) {
                if place.is_some() {
                    writer.signatures(signature)?;
                }
            }
        }
    }
    for kind in Kind::ALL {
        merge_tables(kind, segments, &places, &mut writer)?;
    }
    let (bytes, sum) = writer.finish()?;
    Ok((bytes, sum, documents))
}

/// For each document of each segment its place in the merged one, if it is
/// kept.
type Places = Vec<Vec<Option<u32>>>;

/// The new places, and the runs of numbers.
fn renumber(segments: &[&Segment], choice: &dyn Choice) -> (Places, Vec<(u32, u32)>) {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut next = 0;
    let mut of_segment = |segment: &&Segment| {
        let numbers = segment.runs().iter().flat_map(|&(first, _, length)| first..first + length);
        let place = |number: u32| {
            if !choice.is_kept(number) {
                return None;
            }
            match runs.last_mut() {
                Some((first, length)) if *first + *length == number => *length += 1,
                _ => runs.push((number, 1)),
            }
            next += 1;
            Some(next - 1)
        };
        numbers.map(place).collect()
    };
    (segments.iter().map(&mut of_segment).collect(), runs)
}

fn merge_tables(
    kind: Kind,
    segments: &[&Segment],
    places: &Places,
    writer: &mut Writer,
) -> Result<(), Error> {
    let entries = segments.iter().map(|segment| segment.table(kind).len()).sum();
    let mut table = writer.table(kind, entries);
    for first in (0..1 << PART_BITS).step_by(PARTS_AT_ONCE as usize) {
        let part = |part: u64| -> Result<Vec<Entry>, Error> {
            let mut merged = Vec::new();
            for (segment, places) in segments.iter().zip(places) {
                let from = merged.len();
                segment.reader(kind).part(part, PART_BITS, &mut merged)?;
                let mut kept = from;
                for at in from..merged.len() {
                    let entry = merged[at];
                    if let Some(place) = places[entry.document() as usize] {
                        merged[kept] = Entry::new(entry.key(), place, entry.beside());
                        kept += 1;
                    }
                }
                merged.truncate(kept);
            }
            // Made of sorted parts, which a stable sort makes use of.
            merged.sort();
            Ok(merged)
        };
        let parts: Vec<Result<Vec<Entry>, Error>> =
            (first..first + PARTS_AT_ONCE).into_par_iter().map(part).collect();
        for part in parts {
            part?.into_iter().try_for_each(|entry| table.push(entry))?;
        }
    }
    let table = table.finish()?;
    writer.add(&table);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::segment::{Contents, Row, digest_key, write};
    use super::*;

    /// Keeps one document of so many.
    struct OneOf(u32);

    impl Choice for OneOf {
        fn is_kept(&self, number: u32) -> bool {
            number % self.0 == 1 % self.0
        }

        fn moved(&self, number: u32) -> Option<Location> {
            (number == 4 && self.0 > 1).then_some(Location { pack: 9, offset: 1, slot: 0 })
        }
    }

    const SHAPE: Shape = Shape { bands: 3, words: 2, params: 9 };

    fn contents(first: u32, count: u32) -> Contents {
        let row = |number: u32| Row {
            tokens: number,
            bytes: 7,
            digest: u128::from(number) << 100,
            text: 5,
            id: u128::from(number % 5) << 90,
            location: Location { pack: 1, offset: number.into(), slot: 3 },
            added: -4,
            published: number.is_multiple_of(2).then_some(number.into()),
        };
        let rows: Vec<Row> = (first..first + count).map(row).collect();
        let signatures = (first..first + count).flat_map(|n| [u64::from(n), u64::from(n) * 3]).collect();
        let entries = |bits: u32, of: &dyn Fn(u32) -> u64| {
            let entry = |place: u32| Entry::new(of(first + place) & ((1 << bits) - 1), place, 0);
            let mut entries: Vec<Entry> = (0..count).map(entry).collect();
            entries.sort_unstable();
            entries
        };
        let spread = |n: u32| u64::from(n % 50).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let tables = [
            entries(34, &spread),
            entries(48, &spread),
            entries(48, &|n| spread(n + 1)),
            entries(40, &|n| digest_key(u128::from(n) << 100)),
            entries(40, &|n| digest_key(u128::from(n % 5) << 90)),
        ];
        Contents { first, rows, signatures, tables }
    }

    #[test]
    fn merged_segments_say_what_one_would_say() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let mut segments = Vec::new();
        for (name, first, count) in [("a", 1, 300), ("b", 301, 1), ("c", 400, 77)] {
            write(&path(name), &contents(first, count), SHAPE).unwrap();
            segments.push(Segment::open(&path(name), SHAPE).unwrap());
        }
        write(&path("whole"), &contents(1, 301), SHAPE).unwrap();
        let pair: Vec<&Segment> = segments[..2].iter().collect();
        merge(&path("merged"), &pair, SHAPE, &OneOf(1)).unwrap();
        assert_eq!(std::fs::read(path("merged")).unwrap(), std::fs::read(path("whole")).unwrap());

        let all: Vec<&Segment> = segments.iter().collect();
        let (_, _, count) = merge(&path("kept"), &all, SHAPE, &OneOf(3)).unwrap();
        let kept = Segment::open(&path("kept"), SHAPE).unwrap();
        assert_eq!((kept.len(), count), (127, 127));
        kept.file().check().unwrap();
        for place in 0..kept.len() {
            let number = kept.number(place).unwrap();
            assert_eq!((number % 3, kept.place(number)), (1, Some(place)));
            let row = kept.row(place).unwrap();
            assert_eq!((row.tokens, row.location.pack), (number, if number == 4 { 9 } else { 1 }));
            assert_eq!(
                kept.signatures(place, place + 1).unwrap(),
                [u64::from(number), u64::from(number) * 3]
            );
        }
        assert_eq!(kept.place(2), None);
        let error = Segment::open(&path("kept"), Shape { params: 8, ..SHAPE }).unwrap_err();
        assert!(error.to_string().contains("other parameters"));
    }

    #[test]
    fn segments_of_a_size_are_merged_to_the_next() {
        assert_eq!(due(&[]), None);
        assert_eq!(due(&[1000; 4]), None);
        assert_eq!(due(&[1000; 5]), Some(0));
        assert_eq!(due(&[8000, 1000, 1000, 1000, 1000]), None);
        assert_eq!(due(&[8000, 1000, 1000, 3, 1000, 1000, 1000]), Some(1));
        for batch in [1, 7, 1000] {
            let mut sizes: Vec<u32> = Vec::new();
            let mut copied = 0;
            for _ in 0..5000 {
                sizes.push(batch);
                while let Some(from) = due(&sizes) {
                    let sum = sizes.drain(from..).sum();
                    copied += sum;
                    sizes.push(sum);
                }
                assert!(sizes.len() <= 40, "{sizes:?}");
            }
            assert!(copied < 9 * 5000 * batch, "{copied}");
        }
    }
}
