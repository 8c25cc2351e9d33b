//! A mailbox → its messages.
//!
//! Messages of an mbox stand one behind the other, each below a line that
//! begins with `From ` and names a sender and a time. Bodies have such lines
//! too: writers put a `>` before them, which is taken away, or do not. So a
//! line counts only behind an empty one, with a time and a year in it, and
//! above the first field of a header.

use std::io::{self, BufRead, BufReader, Read};

/// How the line above a message begins.
const ENVELOPE: &[u8] = b"From ";

/// Longest name of a field; those that are used have some thirty letters.
const MAX_NAME_LEN: usize = 76;

/// One message of a mailbox.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// The line of the file in which it begins.
    pub(super) line: u64,
    /// The line above it, from its sender on.
    pub(super) envelope: Vec<u8>,
    /// The message; nothing if it is over the limit.
    pub(super) bytes: Vec<u8>,
    /// Its length.
    pub(super) len: u64,
}

/// The messages of a stream.
pub(super) struct Messages<R> {
    stream: BufReader<R>,
    limit: u64,
    /// Lines that were read.
    lines: u64,
    /// The line that begins the next message.
    envelope: Option<Vec<u8>>,
    /// The line behind it, which was looked at.
    ahead: Option<Vec<u8>>,
}

impl<R: Read> Messages<R> {
    /// Of `stream`; messages over `limit` bytes are not kept.
    pub(super) fn new(stream: R, limit: u64) -> Self {
        Self { stream: BufReader::new(stream), limit, lines: 0, envelope: None, ahead: None }
    }

    /// The next message, if there is one.
    pub(super) fn next(&mut self) -> io::Result<Option<Raw>> {
        let envelope = match self.envelope.take() {
            Some(envelope) => envelope,
            None => match self.line()? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        // The line behind the envelope was looked at, but for the first message.
        let mut raw = Raw {
            line: self.lines - u64::from(self.ahead.is_some()),
            envelope: envelope.strip_prefix(ENVELOPE).unwrap_or(&envelope).trim_ascii().to_vec(),
            ..Raw::default()
        };
        let mut is_behind_empty = false;
        while let Some(line) = self.line()? {
            if is_behind_empty && is_envelope(&line) {
                let next = self.line()?;
                if next.as_deref().is_some_and(|next| field(next).is_some()) {
                    (self.envelope, self.ahead) = (Some(line), next);
                    return Ok(Some(raw));
                }
                self.ahead = next;
            }
            is_behind_empty = line.trim_ascii().is_empty();
            self.put(&mut raw, unquoted(&line));
        }
        Ok(Some(raw))
    }

    fn put(&self, raw: &mut Raw, line: &[u8]) {
        raw.len += line.len() as u64;
        if raw.len > self.limit {
            raw.bytes = Vec::new();
        } else {
            raw.bytes.extend_from_slice(line);
        }
    }

    /// The next line with its end, or as much of it as a message may have.
    fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        self.stream.by_ref().take(self.limit.saturating_add(1)).read_until(b'\n', &mut line)?;
        self.lines += u64::from(line.ends_with(b"\n") || !line.is_empty());
        Ok((!line.is_empty()).then_some(line))
    }
}

/// What stands behind the first line of `text`, if that is one above a message.
pub(super) fn behind_envelope(text: &[u8]) -> Option<&[u8]> {
    let end = memchr::memchr(b'\n', text)?;
    is_envelope(&text[..end]).then(|| &text[end + 1..])
}

/// Whether `line` may stand above a message: it has a time of day and a year.
fn is_envelope(line: &[u8]) -> bool {
    let Some(behind) = line.strip_prefix(ENVELOPE) else { return false };
    let words = || behind.split(u8::is_ascii_whitespace);
    let is_number = |word: &[u8]| !word.is_empty() && word.iter().all(u8::is_ascii_digit);
    let is_year = |word: &[u8]| word.len() == 4 && is_number(word);
    let is_time = |word: &[u8]| {
        let mut parts = word.split(|&byte| byte == b':');
        (2..=3).contains(&word.split(|&byte| byte == b':').count())
            && parts.all(|part| part.len() <= 2 && is_number(part))
    };
    words().any(is_time) && words().any(is_year)
}

/// The name of the field that begins in `line`, and what stands behind it.
pub(super) fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = memchr::memchr(b':', &line[..line.len().min(MAX_NAME_LEN)])?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    // An address is no field.
    (is_name && !value.starts_with(b"//")).then_some((name, value))
}

/// A line as it was before it came into a mailbox.
fn unquoted(line: &[u8]) -> &[u8] {
    let marks = line.iter().take_while(|&&byte| byte == b'>').count();
    if marks > 0 && line[marks..].starts_with(ENVELOPE) { &line[1..] } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str, limit: u64) -> Vec<(u64, String, u64)> {
        let mut messages = Messages::new(text.as_bytes(), limit);
        let mut all = Vec::new();
        while let Some(raw) = messages.next().unwrap() {
            all.push((raw.line, String::from_utf8(raw.bytes).unwrap(), raw.len));
        }
        all
    }

    #[test]
    fn a_line_of_a_body_begins_no_message() {
        let first = "Subject: one\n\n>From here on\n\nFrom March 5, 10:30, 2026 on it is shut.\nFor good.\n";
        let second = "Subject: two\n\nFrom now on: shut.\nFrom x Thu Mar 5 10:30 2026\n";
        let text =
            format!("From a Thu Mar  5 09:10:11 2026\n{first}\nFrom b Fri Mar  6 09:10:11 2026\n{second}");
        let first = first.replace(">From", "From");
        let expected = vec![
            (1, format!("{first}\n"), first.len() as u64 + 1),
            (9, second.to_owned(), second.len() as u64),
        ];
        assert_eq!(messages(&text, 1000), expected);
    }

    #[test]
    fn a_message_over_the_limit_is_not_kept() {
        let text = format!(
            "From a Thu Mar  5 09:10:11 2026\nX: {}\n\nFrom b Fri Mar  6 09:10:11 2026\nX: b\n",
            "long ".repeat(100)
        );
        let all = messages(&text, 50);
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].1.as_str(), all[0].2 > 50), ("", true));
        assert_eq!(all[1].1, "X: b\n");
    }
}
