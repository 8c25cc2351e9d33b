//! One input → its documents, whatever its format and what is around it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::adapter::{Batch, Content, Context, Outlet, unreadable};
use super::format;
use super::input::Input;
use super::meter::{Counted, MAX_LAYERS, Meter};
use crate::error::Error;

/// Reads one input. Whether it could be read is the second value; an error is
/// one of the user's. Documents go to `outlet`, if there is one, else into
/// the batch.
pub(crate) fn read_input<'o>(
    input: &Input,
    context: &Context<'_>,
    outlet: Option<Outlet<'o>>,
) -> Result<(Batch<'o>, bool), Error> {
    let mut batch = Batch { outlet, ..Batch::default() };
    let rest: Box<dyn Read + Send> = match &input.file {
        None => Box::new(io::stdin()),
        Some(file) => match File::open(file) {
            Ok(file) => Box::new(file),
            Err(error) if input.is_typed => return Err(Error::io("open", Path::new(&input.path), error)),
            Err(error) => {
                batch.skip(&input.path, unreadable(&error));
                return Ok((batch, false));
            }
        },
    };
    let source = Source { path: &input.path, size: input.size, file: input.file.as_deref() };
    let is_read = read_source(&source, rest, context, &mut batch);
    Ok((batch, is_read))
}

/// What is known of an input beside its bytes.
pub(crate) struct Source<'a> {
    pub(crate) path: &'a str,
    pub(crate) size: Option<u64>,
    pub(crate) file: Option<&'a Path>,
}

/// Reads the bytes of one input, whatever their format. Whether they could
/// be read.
pub(crate) fn read_source<'a>(
    source: &Source<'a>,
    stream: impl Read + Send + 'a,
    context: &'a Context<'a>,
    batch: &mut Batch<'_>,
) -> bool {
    let meter = Meter::default();
    let Source { path, size, file } = *source;
    let rest = Box::new(Counted::new(stream, &meter, context));
    let content = Content { path, name: path, head: Vec::new(), rest, size, file, layers: 0, meter: &meter };
    let result = read_content(content, context, batch);
    batch.bytes += meter.read_bytes();
    batch.flush();
    match result {
        Ok(()) => true,
        Err(reason) => {
            batch.skip(path, reason);
            batch.given > 0
        }
    }
}

/// Reads one file or what was unpacked from one. The error is the reason why
/// it could not be read, or not to its end.
pub(crate) fn read_content(
    mut content: Content<'_>,
    context: &Context<'_>,
    batch: &mut Batch<'_>,
) -> Result<(), String> {
    if content.layers > MAX_LAYERS {
        return Err(format!("packed more than {MAX_LAYERS} times over; unpack it first"));
    }
    // One byte more than expected, to see the end without growing.
    let expected = content.size.map_or(format::HEAD_LEN, |size| (size as usize).min(format::HEAD_LEN));
    content.head.reserve_exact(expected + 1);
    let read = (&mut content.rest).take(format::HEAD_LEN as u64).read_to_end(&mut content.head);
    if let Err(error) = read {
        if content.head.is_empty() {
            return Err(unreadable(&error));
        }
        // What came before the failure is read all the same.
        content.rest = Box::new(Failing(Some(error)));
    }
    let format = format::detect(&content.head, content.name)?;
    format.adapter().read(content, context, batch)
}

/// The end of a stream that could not be read further.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
