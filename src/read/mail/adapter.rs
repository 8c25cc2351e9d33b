//! Messages of mail and of news: a file of one (`.eml`, the folders of Maildir
//! and MH, spools of news) or a mailbox of many (mbox).
//!
//! Taken for text, the lines before the body are a third of such a file and
//! much the same in all messages of a list, letters in base64 are no words,
//! and a mailbox is one document. Each message is a document here
//! (`message.rs`), and a mailbox is cut into them as it streams by
//! (`mailbox.rs`): memory is that of the largest message, read and taken apart.

use mail_parser::MessageParser;

use super::mailbox::{self, Messages};
use super::message;
use crate::read::adapter::{Adapter, Batch, Content, Context, too_large, unreadable};
use crate::read::collector::{Collector, Parsed};
use crate::read::source::Publishers;

/// Documents after which those who wait get them.
const FLUSHED: usize = 1000;

/// What a file of messages is; each is an adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mail {
    /// One message.
    Single,
    /// A mailbox.
    Many,
}

/// Fields that say when a message was sent, what it is about and which one it
/// is; those of a text that only begins like a letter are fewer.
const TELLING: [&[u8]; 8] = [
    b"date",
    b"delivered-to",
    b"message-id",
    b"mime-version",
    b"newsgroups",
    b"received",
    b"return-path",
    b"subject",
];

/// Whether a file that begins with `head` holds messages, and how many.
///
/// A text whose header was cut off has no fields, and one that begins with
/// `From: the desk` names no address, so both stay texts. What is named `.eml`
/// needs no sender.
pub(crate) fn kind(head: &[u8], extension: &str) -> Option<Mail> {
    if let Some(header) = mailbox::behind_envelope(head) {
        let fields = fields(header);
        return fields
            .iter()
            .any(|(name, _)| is_one(name, b"from") || is_telling(name))
            .then_some(Mail::Many);
    }
    let fields = fields(head);
    let is_sender = |(name, value): &(&[u8], &[u8])| is_one(name, b"from") && has_address(value);
    let is_named = extension == "eml" || fields.iter().any(is_sender);
    let is_message = is_named && fields.iter().any(|(name, _)| is_telling(name));
    is_message.then_some(Mail::Single)
}

fn is_telling(name: &[u8]) -> bool {
    TELLING.iter().any(|telling| is_one(name, telling))
}

fn is_one(name: &[u8], other: &[u8]) -> bool {
    name.eq_ignore_ascii_case(other)
}

/// Whether a line names a sender as mail does, as paths of the first years of
/// news do, or as archives do that hide addresses.
fn has_address(value: &[u8]) -> bool {
    value.iter().any(|byte| b"@!".contains(byte)) || memchr::memmem::find(value, b" at ").is_some()
}

/// The fields that `text` begins with, up to the first empty line or the end
/// of what is known of it; none where something else stands among them.
fn fields(text: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut fields = Vec::new();
    // The last line may be cut.
    let whole = memchr::memrchr(b'\n', text).map_or(text, |end| &text[..end]);
    for line in whole.split(|&byte| byte == b'\n') {
        match line.first() {
            None | Some(b'\r') => return fields,
            Some(b' ' | b'\t') if !fields.is_empty() => {}
            _ => match mailbox::field(line) {
                Some(field) => fields.push(field),
                None => return Vec::new(),
            },
        }
    }
    fields
}

impl Adapter for Mail {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let limit = context.max_document_bytes;
        let mut reader = Reader {
            parser: message::parser(),
            publishers: Publishers::default(),
            collector: Collector::new(content.path),
        };
        match self {
            Self::Single => {
                let bytes = content.into_bytes(context)?;
                reader.take(None, None, &bytes, batch);
            }
            Self::Many => {
                let mut messages = Messages::new(content.into_stream(), limit);
                loop {
                    let raw = match messages.next() {
                        Ok(Some(raw)) => raw,
                        Ok(None) => break,
                        Err(error) => {
                            let records = reader.collector.records();
                            reader.collector.finish(batch);
                            return Err(format!("{} after message {records}", unreadable(&error)));
                        }
                    };
                    if raw.len > limit {
                        let result = Err(too_large(Some(raw.len), limit));
                        reader.collector.take(Parsed { line: Some(raw.line), result }, batch);
                    } else {
                        reader.take(Some(raw.line), Some(&raw.envelope), &raw.bytes, batch);
                    }
                    if batch.documents.len() > FLUSHED {
                        batch.flush();
                    }
                }
            }
        }
        reader.collector.finish(batch);
        Ok(())
    }
}

/// What is used for one message after the other.
struct Reader<'a> {
    parser: MessageParser,
    publishers: Publishers,
    collector: Collector<'a>,
}

impl Reader<'_> {
    /// Takes the message that begins in `line`, below the line `envelope` of a
    /// mailbox.
    fn take(&mut self, line: Option<u64>, envelope: Option<&[u8]>, bytes: &[u8], batch: &mut Batch<'_>) {
        // Before it is parsed: what is too deep can be parsed and not dropped.
        let parsed = if message::is_too_deep(bytes) {
            Err("a message of very many within it; take them out first".to_owned())
        } else {
            self.parser.parse(bytes).ok_or_else(|| "no message: it has no header".to_owned())
        };
        let result = parsed.and_then(|parsed| message::document(&parsed, envelope, &mut self.publishers));
        self.collector.take(Parsed { line, result }, batch);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_from_texts() {
        let cases: [(&str, Option<Mail>); 14] = [
            ("From: Ada <ada@a.example>\nSubject: Locks\n\nThe lock is shut.", Some(Mail::Single)),
            ("Received: from b.example\n\tby c.example; x\nFrom: ada@a.example\n\nbody", Some(Mail::Single)),
            (
                "Path: b!a!ada\r\nFrom: a!ada (Ada)\r\nNewsgroups: alt.locks\r\n\r\nbody\r\n",
                Some(Mail::Single),
            ),
            ("From ada@a.example  Thu Mar  5 09:10:11 2026\nSubject: Locks\n\nbody", Some(Mail::Many)),
            (
                "From ada at a.example Thu, 5 Mar 2026 09:10:11 +0100\nFrom: ada at a.example\n\nb",
                Some(Mail::Many),
            ),
            // A header that goes on behind what was looked at.
            ("From: ada@a.example\nDate: Thu, 5 Mar 2026 09:10:11 +0100\nX-Cut: of", Some(Mail::Single)),
            // A body whose header was cut off.
            ("In article <1@a.example> ada@a.example writes:\n> The lock is shut.\n", None),
            ("Subject: Locks\n\nThe lock is shut.", None),
            ("From: the desk\nSubject: Locks\n\nThe lock is shut.", None),
            ("From: ada@a.example\n\nThe lock is shut.", None),
            ("From: ada@a.example\nThe lock is shut.\nSubject: x\n", None),
            ("From here on, at 10:30, in 2026, the lock is shut.\nNobody knows why.\n", None),
            ("From: ada@a.example, Subject: x", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(kind(text.as_bytes(), "txt"), expected, "{text}");
        }
        assert_eq!(kind(b"Subject: Locks\n\nThe lock is shut.", "eml"), Some(Mail::Single));
        assert_eq!(kind(b"The lock is shut.\n", "eml"), None);
    }
}
