//! `wirecopy dedup --against` in a build that knows no index: paths alone.

use std::ops::ControlFlow;

use crate::cli::corpus::Gathering;
use crate::document::Document;
use crate::error::Error;
use crate::params::Params;
use crate::read::ReadOptions;

/// There is none.
pub(super) enum Seen {}

impl Seen {
    /// No path is an index.
    pub(super) fn open(_: &[String], _: &ReadOptions) -> Result<Option<Self>, Error> {
        Ok(None)
    }

    pub(super) fn name(&self) -> &str {
        match *self {}
    }

    pub(super) fn fact(&self) -> String {
        match *self {}
    }

    pub(super) fn params(&self, _: &Params, _: &[String]) -> Result<Params, Error> {
        match *self {}
    }

    pub(super) fn take(&mut self, _: Vec<Document>, _: &mut Gathering) -> ControlFlow<()> {
        match *self {}
    }

    pub(super) fn finish(self, _: &mut Gathering) -> Result<(), Error> {
        match self {}
    }
}
