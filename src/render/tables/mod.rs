//! The report as tables, for spreadsheets and databases.
//!
//! [`TABLES`] says which there are, with every column and its type; a form
//! ([`CsvTables`], `ParquetTables`) writes one of them at a time through
//! [`RenderTables`]. Names and order of columns stay; new ones come last.
//!
//! | table | a row is |
//! | --- | --- |
//! | `params` | what decided the results, a name and its value as JSON |
//! | `documents` | a document |
//! | `pairs` | a verified pair |
//! | `passages` | a passage of a pair |
//! | `clusters` | a cluster |
//! | `members` | a document in a cluster |
//! | `publishers` | what one publisher ran |
//! | `sources` | what one publisher took from another |
//! | `repeats` | one place of a passage that recurs in a document |
//! | `exact_groups` | a document in a group with the same tokens |
//! | `skipped` | what could not be compared |
//!
//! Lists without a table of their own (credits, evidence) are JSON in a text.
//! Rows are made one at a time, so memory is what a form holds back. `back.rs`
//! reads tables in Parquet back into the report that they are of.

#[cfg(feature = "parquet")]
mod back;
mod columns;
mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;

use std::borrow::Cow;
use std::io;

#[cfg(feature = "parquet")]
pub use self::back::{Files, read_tables};
pub use self::csv::CsvTables;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetTables;
#[cfg(feature = "arrow")]
pub(crate) use self::parquet::TableFile;
use crate::report::Report;

/// Every table, in the order in which they are written.
pub static TABLES: &[Table] = rows::TABLES;

/// One form of tables.
pub trait RenderTables: Sync {
    /// The ending of the files, without a dot.
    fn extension(&self) -> &'static str;

    /// Writes one table of `report`, with the names of its columns.
    ///
    /// # Errors
    ///
    /// What `out` answers to a write, unchanged.
    fn render_table(
        &self,
        table: &Table,
        report: &Report,
        out: &mut (dyn io::Write + Send),
    ) -> io::Result<()>;
}

/// A table and how its rows are made.
#[derive(Debug)]
pub struct Table {
    /// Its name, and that of its file.
    pub name: &'static str,
    /// Its columns, in their order.
    pub columns: &'static [Column],
    rows: for<'r> fn(&'r Report) -> Rows<'r>,
}

/// The rows of a table.
pub type Rows<'r> = Box<dyn Iterator<Item = Vec<Cell<'r>>> + 'r>;

impl Table {
    /// The rows for `report`, each with one cell a column.
    pub fn rows<'r>(&self, report: &'r Report) -> Rows<'r> {
        (self.rows)(report)
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: Kind,
    /// Whether cells may be empty.
    pub is_optional: bool,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A ratio.
    Double,
    /// Yes or no.
    Flag,
    /// A second of UTC.
    Time,
}

/// One cell; of the kind of its column, or nothing where that is optional.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'r> {
    /// Not known, or not said.
    Nothing,
    /// Text.
    Text(Cow<'r, str>),
    /// A whole number.
    Integer(i64),
    /// A ratio.
    Double(f64),
    /// Yes or no.
    Flag(bool),
    /// Seconds since 1970 in UTC.
    Time(i64),
}

impl Cell<'_> {
    /// What it holds, or nothing.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::Nothing => None,
            Self::Text(_) => Some(Kind::Text),
            Self::Integer(_) => Some(Kind::Integer),
            Self::Double(_) => Some(Kind::Double),
            Self::Flag(_) => Some(Kind::Flag),
            Self::Time(_) => Some(Kind::Time),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample;

    #[test]
    fn every_cell_is_of_the_kind_of_its_column() {
        let report = sample::report();
        for table in TABLES {
            let mut count = 0;
            for row in table.rows(&report) {
                count += 1;
                assert_eq!(row.len(), table.columns.len(), "{}", table.name);
                for (cell, column) in row.iter().zip(table.columns) {
                    let fits = cell.kind().map_or(column.is_optional, |kind| kind == column.kind);
                    assert!(fits, "{}.{}: {cell:?}", table.name, column.name);
                }
            }
            assert!(count > 0, "the sample has no {}", table.name);
        }
    }

    #[test]
    fn names_of_tables_and_of_columns_are_distinct() {
        let distinct = |mut names: Vec<&str>| {
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        };
        distinct(TABLES.iter().map(|table| table.name).collect());
        for table in TABLES {
            distinct(table.columns.iter().map(|column| column.name).collect());
        }
    }
}
