//! Lines of a label file: tab-separated columns; lines that begin with `#` are
//! comments, blank ones are passed over.

use std::path::Path;

use crate::error::Error;

/// A label and the line it stands on, counted from 1.
pub(super) type Numbered<T> = (u64, T);

/// A label file, not yet parsed.
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    /// What the file is of, for errors.
    pub(super) name: &'a str,
    /// What stands on a line, for errors.
    pub(super) columns: &'a str,
    pub(super) path: &'a Path,
}

impl Lines<'_> {
    /// Every line as a label; the first bad one is an error.
    pub(super) fn parse<'t, const N: usize, T>(
        &'t self,
        label: impl Fn([&'t str; N]) -> Result<T, String>,
    ) -> Result<Vec<Numbered<T>>, Error> {
        let mut labels = Vec::new();
        for (number, line) in (1..).zip(self.text.trim_start_matches('\u{feff}').lines()) {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let error = |problem: String| Error::format(self.path, Some(number), problem);
            let columns: Vec<&str> = line.split('\t').collect();
            let columns = <[&str; N]>::try_from(columns).map_err(|columns| {
                error(format!(
                    "{} columns, but a line of {} has {N}, separated by tabs: {}",
                    columns.len(),
                    self.name,
                    self.columns
                ))
            })?;
            labels.push((number, label(columns).map_err(error)?));
        }
        Ok(labels)
    }
}

/// Refuses a pair of one document with itself.
pub(super) fn two_documents(id1: &str, id2: &str) -> Result<(), String> {
    if id1 == id2 {
        return Err(format!("{id1} is paired with itself, but a pair is of two documents"));
    }
    Ok(())
}
