//! JSON documents: records are left out with the comma before them.
//!
//! Two passes: the first finds where records stand (`read/json/elements.rs`),
//! the second copies what lies between and in those that stay. 16 bytes a
//! record. A broken record has no certain end, so a document with one is not
//! written.

use std::io::{self, BufReader, Read, Write};

use serde::de::IgnoredAny;

use super::{Fate, Fates, Joined, TEXT_NOT_FOUND, Uncut, json_text};
use crate::read::again::Original;
use crate::read::encoding::declared;
use crate::read::json::elements::Elements;
use crate::read::json::repair;
use crate::read::json::shape::Shape;

/// Longest stretch between two records that is looked at.
const MAX_GAP: u64 = 1 << 20;

/// Where a record stands.
#[derive(Clone, Copy)]
struct Place {
    offset: u64,
    len: u64,
}

pub(super) fn write(
    original: &Original,
    shape: &Shape,
    fates: &Fates<'_, '_>,
    out: &mut Joined<'_>,
) -> io::Result<Uncut> {
    let places = places(original, shape)?;
    let opened = original.open()?;
    if out.is_empty() {
        out.write_all(&opened.mark)?;
    }
    let mut stream = BufReader::new(opened.stream);
    let (mut at, mut is_first, mut uncut) = (0, true, Uncut::new());
    for (number, place) in (1..).zip(&places) {
        let gap = place.offset - at;
        let fate = fates.of(number);
        let goes = matches!(fate, Fate::Goes);
        if number == 1 {
            pass(&mut stream, gap, Some(out))?;
        } else {
            let gap = gap_of(&mut stream, gap)?;
            if !goes && !is_first {
                out.write_all(&gap)?;
            }
        }
        match fate {
            Fate::Goes => pass(&mut stream, place.len, None)?,
            Fate::Stays => pass(&mut stream, place.len, Some(out))?,
            Fate::IsCut { document, cuts } => {
                let text = &fates.text(document);
                let mut record = Vec::new();
                pass(&mut stream, place.len, Some(&mut record))?;
                let json = std::str::from_utf8(&record).ok();
                match json.and_then(|json| json_text::cut(json, fates.tree(), text, cuts)) {
                    Some(json) => out.write_all(json.as_bytes())?,
                    None => {
                        uncut.push((document, TEXT_NOT_FOUND.to_owned()));
                        out.write_all(&record)?;
                    }
                }
            }
        }
        is_first &= goes;
        at = place.offset + place.len;
    }
    io::copy(&mut stream, out)?;
    Ok(uncut)
}

fn places(original: &Original, shape: &Shape) -> io::Result<Vec<Place>> {
    let stream = original.open()?.stream;
    let mut elements = Elements::new(Vec::new(), stream, shape.clone(), u64::MAX);
    let mut places = Vec::new();
    while let Some((bytes, found)) = elements.next()? {
        for element in found {
            let whole = element.place.filter(|_| element.is_whole).map(|place| &bytes[place]);
            let json = whole.and_then(|bytes| declared::decode_part(bytes).ok());
            if !json.is_some_and(|(json, _)| is_sound(&json)) {
                return Err(io::Error::other(format!(
                    "the record on line {} is broken, and where it ends is not certain; mend it, or write what was \
                     read with --format jsonl",
                    element.line
                )));
            }
            places.push(Place { offset: element.offset, len: element.len });
        }
    }
    Ok(places)
}

/// Whether the reader can read it: half a surrogate pair is put right there.
fn is_sound(json: &str) -> bool {
    let is_json = |json: &str| serde_json::from_str::<IgnoredAny>(json).is_ok();
    is_json(json) || repair::without_half_surrogates(json).is_some_and(|json| is_json(&json))
}

/// The bytes between two records, which separate them and say nothing else.
fn gap_of(stream: &mut impl Read, len: u64) -> io::Result<Vec<u8>> {
    let mut gap = Vec::new();
    if len <= MAX_GAP {
        pass(stream, len, Some(&mut gap))?;
        let marks: Vec<u8> = gap.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if matches!(marks.as_slice(), [] | [b',']) {
            return Ok(gap);
        }
    }
    Err(io::Error::other("records are in several lists; write what was read with --format jsonl"))
}

/// Goes on by `len` bytes, which are copied if there is somewhere to.
fn pass(stream: &mut impl Read, len: u64, out: Option<&mut dyn Write>) -> io::Result<()> {
    let mut part = stream.take(len);
    let copied = match out {
        Some(out) => io::copy(&mut part, out)?,
        None => io::copy(&mut part, &mut io::sink())?,
    };
    if copied < len {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was"));
    }
    Ok(())
}
