//! JSON Lines: lines are copied, left out, or their text is cut.
//!
//! Lines are counted as `read/json/jsonl.rs` counts records: blank ones are none.
//! Only a line that is cut is held.

use std::io::{self, BufRead, BufReader, Write};

use super::{Fate, Fates, Joined, TEXT_NOT_FOUND, Uncut, json_text};
use crate::read::again::Original;

/// Bytes read at a time.
const BUFFER_LEN: usize = 1 << 18;

/// What is done with the line that is being read.
#[derive(Clone, Copy)]
enum State<'a> {
    /// Nothing but white space was seen of it.
    Blank,
    Known(Fate<'a>),
}

pub(super) fn write(original: &Original, fates: &Fates<'_, '_>, out: &mut Joined<'_>) -> io::Result<Uncut> {
    let opened = original.open()?;
    if out.is_empty() {
        out.write_all(&opened.mark)?;
    } else {
        out.begin_line()?;
    }
    let mut stream = BufReader::with_capacity(BUFFER_LEN, opened.stream);
    let mut held: Vec<u8> = Vec::new();
    let mut state = State::Blank;
    let (mut record, mut uncut) = (0, Uncut::new());
    loop {
        let bytes = stream.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        let length = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |newline| newline + 1);
        let piece = &bytes[..length];
        let is_end = piece.ends_with(b"\n");
        if matches!(state, State::Blank) && !piece.trim_ascii().is_empty() {
            record += 1;
            let fate = fates.of(record);
            if matches!(fate, Fate::Stays) {
                out.write_all(&held)?;
                held.clear();
            }
            state = State::Known(fate);
        }
        match state {
            State::Known(Fate::Stays) => out.write_all(piece)?,
            State::Known(Fate::Goes) => {}
            State::Blank | State::Known(Fate::IsCut { .. }) => held.extend_from_slice(piece),
        }
        stream.consume(length);
        if is_end {
            end_line(state, &mut held, fates, (&mut uncut, out))?;
            state = State::Blank;
        }
    }
    end_line(state, &mut held, fates, (&mut uncut, out))?;
    Ok(uncut)
}

/// Writes what is held of a line.
fn end_line(
    state: State<'_>,
    held: &mut Vec<u8>,
    fates: &Fates<'_, '_>,
    (uncut, out): (&mut Uncut, &mut Joined<'_>),
) -> io::Result<()> {
    match state {
        State::Known(Fate::Goes) => {}
        State::Known(Fate::IsCut { document, cuts }) => {
            let text = &fates.text(document);
            let line = std::str::from_utf8(held).ok();
            match line.and_then(|line| json_text::cut(line, fates.tree(), text, cuts)) {
                Some(line) => out.write_all(line.as_bytes())?,
                None => {
                    uncut.push((document, TEXT_NOT_FOUND.to_owned()));
                    out.write_all(held)?;
                }
            }
        }
        State::Known(Fate::Stays) | State::Blank => out.write_all(held)?,
    }
    held.clear();
    Ok(())
}
