//! A folder of tables.
//!
//! All tables are written under other names first, and take their own when
//! all are whole: a run that is cut short leaves the old ones as they were, or
//! none. A new folder appears with everything in it. In an existing one each
//! table is replaced as a whole, one right after the other, and files of
//! other names stay.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::cli::unfinished::Unfinished;
use crate::error::Error;
use crate::render::RenderTables;
use crate::render::tables::{TABLES, Table};
use crate::report::Report;

/// Whether `folder` can hold tables.
pub(super) fn check(folder: &Path) -> Result<(), Error> {
    if folder.exists() && !folder.is_dir() {
        let cure = "is a file; name a directory for the tables with -o, or remove it";
        return Err(Error::format(folder, None, cure));
    }
    match folder.parent() {
        Some(parent) if !folder.exists() && !parent.as_os_str().is_empty() && !parent.is_dir() => {
            let cure = "is no directory; create it or choose another place for the tables";
            Err(Error::format(parent, None, cure))
        }
        _ => Ok(()),
    }
}

/// Writes every table of `report` into `folder`.
pub(super) fn write(report: &Report, folder: &Path, render: &dyn RenderTables) -> Result<(), Error> {
    check(folder)?;
    let written =
        if folder.is_dir() { replace_in(folder, report, render) } else { make(folder, report, render) };
    written.map_err(|error| Error::io("write tables into", folder, error))
}

/// A new folder, which gets its name when all is in it.
fn make(folder: &Path, report: &Report, render: &dyn RenderTables) -> io::Result<()> {
    let unfinished = Unfinished::new(folder);
    fs::create_dir(unfinished.path())?;
    for (table, name) in TABLES.iter().zip(names(render)) {
        write_table(&unfinished.path().join(name), table, report, render)?;
    }
    sync(unfinished.path());
    unfinished.finish(folder)
}

fn replace_in(folder: &Path, report: &Report, render: &dyn RenderTables) -> io::Result<()> {
    let mut whole: Vec<(Unfinished, PathBuf)> = Vec::with_capacity(TABLES.len());
    for (table, name) in TABLES.iter().zip(names(render)) {
        let path = folder.join(name);
        let unfinished = Unfinished::new(&path);
        write_table(unfinished.path(), table, report, render)?;
        whole.push((unfinished, path));
    }
    whole.into_iter().try_for_each(|(unfinished, path)| unfinished.finish(&path))?;
    sync(folder);
    Ok(())
}

fn names(render: &dyn RenderTables) -> impl Iterator<Item = String> {
    TABLES.iter().map(|table| format!("{}.{}", table.name, render.extension()))
}

fn write_table(path: &Path, table: &Table, report: &Report, render: &dyn RenderTables) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    render.render_table(table, report, &mut out)?;
    out.into_inner()?.sync_all()
}

/// Makes names in a folder outlast a loss of power, where the system can.
fn sync(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::params::Params;
    use crate::pipeline;
    use crate::render::CsvTables;

    fn report() -> Report {
        let documents = ["one", "two"].map(|id| crate::document::Document {
            id: id.into(),
            text: "the same eleven words stand in both of these two documents".into(),
            ..Default::default()
        });
        let corpus = crate::document::Corpus::try_new(documents.into()).unwrap();
        pipeline::scan(&corpus, &Params::default(), &()).unwrap()
    }

    fn listed(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = (fs::read_dir(folder).unwrap())
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Writes all tables but the last, which fails.
    struct Failing;

    impl RenderTables for Failing {
        fn extension(&self) -> &'static str {
            "csv"
        }
        fn render_table(&self, table: &Table, _: &Report, out: &mut (dyn Write + Send)) -> io::Result<()> {
            if table.name == TABLES.last().unwrap().name {
                return Err(io::ErrorKind::StorageFull.into());
            }
            out.write_all(b"new")
        }
    }

    #[test]
    fn tables_replace_those_of_their_name_and_leave_other_files() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("tables");
        write(&report(), &folder, &CsvTables).unwrap();
        let all: Vec<String> = {
            let mut all: Vec<String> = names(&CsvTables).collect();
            all.sort();
            all
        };
        assert_eq!(listed(&folder), all);
        assert_eq!(listed(place.path()), ["tables"]);
        fs::write(folder.join("pairs.csv"), "old").unwrap();
        fs::write(folder.join("zz-notes.txt"), "mine").unwrap();
        write(&report(), &folder, &CsvTables).unwrap();
        assert!(fs::read_to_string(folder.join("pairs.csv")).unwrap().starts_with("a,b,"));
        assert_eq!(fs::read_to_string(folder.join("zz-notes.txt")).unwrap(), "mine");
        assert_eq!(listed(&folder).len(), all.len() + 1);
    }

    #[test]
    fn what_fails_in_the_last_table_changes_nothing() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("tables");
        write(&report(), &folder, &Failing).unwrap_err();
        assert_eq!(listed(place.path()), [""; 0]);
        write(&report(), &folder, &CsvTables).unwrap();
        let before = fs::read(folder.join("pairs.csv")).unwrap();
        let names = listed(&folder);
        let error = write(&report(), &folder, &Failing).unwrap_err().to_string();
        assert!(error.starts_with("cannot write tables into "), "{error}");
        assert_eq!(fs::read(folder.join("pairs.csv")).unwrap(), before);
        assert_eq!(listed(&folder), names);
    }

    #[test]
    fn a_file_is_no_place_for_tables() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("report.csv");
        fs::write(&file, "mine").unwrap();
        let error = write(&report(), &file, &CsvTables).unwrap_err().to_string();
        assert!(error.contains("is a file; name a directory"), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        let error = check(&place.path().join("no/such")).unwrap_err().to_string();
        assert!(error.contains("is no directory; create it"), "{error}");
    }
}
