//! Zip archives: each file in one is read as if it lay in a folder.
//!
//! The list of members stands at the end, so the archive must be a file that
//! can be sought in; one in a stream or in another archive is held in memory,
//! up to a limit. Members stream.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::tar::member_name;
use crate::read::adapter::{Adapter, Batch, Content, Context, unreadable};
use crate::read::meter::{Counted, Expanding, Meter};
use crate::read::open;

/// The adapter.
pub(crate) struct Zip;

impl Adapter for Zip {
    fn read(&self, content: Content<'_>, context: &Context<'_>, batch: &mut Batch<'_>) -> Result<(), String> {
        let Content { path, layers, meter, .. } = content;
        let place = Place { path, layers, meter };
        match content.file {
            Some(file) => {
                let inner = File::open(file).map_err(|error| unreadable(&error))?;
                place.read(BufReader::new(Counted::new(inner, meter, context)), context, batch)
            }
            None => place.read(Cursor::new(content.into_held("zip archive")?), context, batch),
        }
    }
}

/// Where an archive is.
struct Place<'a> {
    path: &'a str,
    layers: u32,
    meter: &'a Meter,
}

impl Place<'_> {
    fn read<R: Read + Seek + Send>(
        &self,
        bytes: R,
        context: &Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), String> {
        let mut archive = ZipArchive::new(bytes)
            .map_err(|error| format!("the zip archive is cut off or damaged ({error}); fetch it again"))?;
        for index in 0..archive.len() {
            let mut member = match archive.by_index(index) {
                Ok(member) => member,
                Err(error) => {
                    let path = format!("{}#{}", self.path, index + 1);
                    batch.skip(&path, reason(&error));
                    continue;
                }
            };
            if !member.is_file() {
                continue;
            }
            let name = member_name(member.name_raw());
            let path = format!("{}/{name}", self.path);
            let unpacked = Content {
                path: &path,
                name: &name,
                head: Vec::new(),
                rest: Box::new(Expanding::new(&mut member, "zip", self.meter)),
                // What the archive says of the size may be a lie.
                size: None,
                file: None,
                layers: self.layers + 1,
                meter: self.meter,
            };
            if let Err(reason) = open::read_content(unpacked, context, batch) {
                batch.skip(&path, reason);
            }
            batch.flush();
        }
        Ok(())
    }
}

fn reason(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            "a member that needs a password; unpack it first".to_owned()
        }
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            format!("a member in a compression that is not read ({error}); unpack it first")
        }
        _ => format!("a member that is cut off or damaged ({error}); fetch it again"),
    }
}
