//! What the PATHs of a command mean: which files are read, in which order.
//!
//! A PATH is a file, a directory (all files below it, by name), a glob, or
//! `-`. Symbolic links are followed; a file that several ways lead to is read
//! once, under the first of its names.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::Note;
use crate::document::Skipped;
use crate::error::Error;

/// The path that stands for standard input.
pub(crate) const STDIN: &str = "-";

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Input {
    /// As the user typed it, or below what the user typed, with `/`.
    pub(crate) path: String,
    /// Where it is; nothing for standard input.
    pub(crate) file: Option<PathBuf>,
    /// Its size in bytes, if it has one.
    pub(crate) size: Option<u64>,
    /// Whether the user named it, rather than a directory or glob it is in.
    pub(crate) is_typed: bool,
    /// Whether it is of the other side of a comparison.
    pub(crate) is_against: bool,
}

/// What all PATHs together mean.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) inputs: Vec<Input>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) notes: Vec<Note>,
    /// Whether a file can be among the inputs twice.
    may_repeat: bool,
}

/// Finds what `paths` name, in their order, then what `against` names as the
/// other side; what both name is of the first.
///
/// # Errors
///
/// A path that does not exist, a glob that is malformed or matches nothing.
pub(crate) fn find(paths: &[String], against: &[String]) -> Result<Inputs, Error> {
    let may_repeat = paths.len() + against.len() > 1;
    let mut found = Inputs { may_repeat, ..Inputs::default() };
    paths.iter().try_for_each(|path| found.add_path(path))?;
    let own = found.inputs.len();
    against.iter().try_for_each(|path| found.add_path(path))?;
    found.inputs[own..].iter_mut().for_each(|input| input.is_against = true);
    if found.may_repeat {
        found.keep_one_of_each();
    }
    Ok(found)
}

impl Inputs {
    /// The same, with standard input kept in `file`.
    #[cfg(feature = "cli")]
    pub(crate) fn with_stdin_in(mut self, file: &Path) -> Self {
        for input in self.inputs.iter_mut().filter(|input| input.file.is_none()) {
            input.file = Some(file.to_owned());
            input.size = fs::metadata(file).ok().map(|metadata| metadata.len());
        }
        self
    }

    fn add_path(&mut self, path: &str) -> Result<(), Error> {
        if path == STDIN {
            let path = path.to_owned();
            self.inputs.push(Input { path, file: None, size: None, is_typed: true, is_against: false });
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(metadata) => self.add(path, &metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.add_glob(path)?,
            Err(error) => return Err(Error::io("read", Path::new(path), error)),
        }
        Ok(())
    }

    fn add(&mut self, path: &str, metadata: &fs::Metadata) {
        if metadata.is_dir() {
            self.add_directory(path);
        } else {
            let size = metadata.is_file().then_some(metadata.len());
            self.inputs.push(Input {
                path: path.to_owned(),
                file: Some(path.into()),
                size,
                is_typed: true,
                is_against: false,
            });
        }
    }

    fn add_directory(&mut self, root: &str) {
        let before = self.inputs.len() + self.skipped.len();
        for entry in WalkDir::new(root).follow_links(true).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().map_or_else(|| root.to_owned(), |path| below(root, path));
                    self.skip(path, unwalkable(&error));
                    continue;
                }
            };
            self.may_repeat |= entry.path_is_symlink();
            if entry.file_type().is_dir() {
                continue;
            }
            let path = below(root, entry.path());
            match entry.metadata() {
                Ok(metadata) if metadata.is_file() => {
                    let (file, size) = (Some(entry.into_path()), Some(metadata.len()));
                    self.inputs.push(Input { path, file, size, is_typed: false, is_against: false });
                }
                Ok(_) => self.skip(path, "neither a file nor a directory; name it alone to read it".into()),
                Err(error) => self.skip(path, unwalkable(&error)),
            }
        }
        if self.inputs.len() + self.skipped.len() == before {
            self.skip(root.to_owned(), "the directory holds no files".into());
        }
    }

    fn add_glob(&mut self, pattern: &str) -> Result<(), Error> {
        const CURE: &str =
            "give a file, a directory, a glob such as 'feeds/*.jsonl', or - for standard input";
        let path = Path::new(pattern);
        if !pattern.contains(['*', '?', '[']) {
            return Err(Error::format(path, None, format!("no such file or directory; {CURE}")));
        }
        // As in a shell, a star does not match a hidden file.
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        // On its own a double star would match directories alone.
        let files = if pattern.ends_with("**") { format!("{pattern}/*") } else { pattern.to_owned() };
        let matches = glob::glob_with(&files, options).map_err(|error| {
            Error::format(path, None, format!("malformed glob: {} at character {}", error.msg, error.pos))
        })?;
        let mut matched: Vec<PathBuf> = Vec::new();
        let before = self.skipped.len();
        for entry in matches {
            match entry {
                Ok(path) => matched.push(path),
                Err(error) => self.skip(slashed(error.path()), format!("cannot be read: {}", error.error())),
            }
        }
        if matched.is_empty() && self.skipped.len() == before {
            return Err(Error::format(path, None, format!("the glob matches nothing; {CURE}")));
        }
        matched.sort();
        // `a/**` matches a directory and what is in it.
        self.may_repeat = true;
        for path in matched {
            match fs::metadata(&path) {
                Ok(metadata) => {
                    let start = self.inputs.len();
                    self.add(&slashed(&path), &metadata);
                    self.inputs[start..].iter_mut().for_each(|input| input.is_typed = false);
                }
                Err(error) => self.skip(slashed(&path), format!("cannot be read: {error}")),
            }
        }
        Ok(())
    }

    /// Leaves one input for each file: that of the first path in byte order,
    /// so that the order in which paths were given does not matter. What is of
    /// both sides is of the first: nobody copies from itself.
    fn keep_one_of_each(&mut self) {
        let places: Vec<Option<PathBuf>> = self
            .inputs
            .iter()
            .map(|input| input.file.as_ref().and_then(|f| fs::canonicalize(f).ok()))
            .collect();
        let key =
            |index: usize| places[index].clone().unwrap_or_else(|| self.inputs[index].path.clone().into());
        let mut first: HashMap<PathBuf, usize> = HashMap::new();
        for index in 0..self.inputs.len() {
            let kept = first.entry(key(index)).or_insert(index);
            let rank = |at: usize| (self.inputs[at].is_against, &self.inputs[at].path);
            if rank(index) < rank(*kept) {
                *kept = index;
            }
        }
        let kept: Vec<usize> = (0..self.inputs.len()).map(|index| first[&key(index)]).collect();
        for (index, &kept) in kept.iter().enumerate() {
            let (path, kept_path) = (&self.inputs[index].path, &self.inputs[kept].path);
            if path != kept_path {
                let text = format!("the same file as {kept_path}, and read once under that name");
                self.notes.push(Note { path: path.clone(), line: None, text });
            }
        }
        let mut index = 0;
        self.inputs.retain(|_| {
            index += 1;
            kept[index - 1] == index - 1
        });
    }

    fn skip(&mut self, path: String, reason: String) {
        self.skipped.push(Skipped { path, line: None, document: None, reason });
    }
}

/// Why a directory's entry cannot be read.
fn unwalkable(error: &walkdir::Error) -> String {
    match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => format!("a symbolic link back to {}, not followed", slashed(ancestor)),
        (None, Some(error)) => format!("cannot be read: {error}"),
        (None, None) => format!("cannot be read: {error}"),
    }
}

/// `path`, found below `root`, as `root` was typed and with single strokes.
fn below(root: &str, path: &Path) -> String {
    let Ok(relative) = path.strip_prefix(root) else { return slashed(path) };
    let relative = slashed(relative);
    match (root.trim_end_matches('/'), relative.as_str()) {
        (_, "") => root.to_owned(),
        (trimmed, relative) => format!("{trimmed}/{relative}"),
    }
}

/// The path as text; parts that are not UTF-8 are replaced.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Tree {
        folder: tempfile::TempDir,
    }

    impl Tree {
        fn new(files: &[&str]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, file).unwrap();
            }
            Self { folder }
        }

        fn path(&self, below: &str) -> String {
            format!("{}{below}", self.folder.path().display())
        }

        fn find(&self, paths: &[&str]) -> Result<Inputs, Error> {
            find(&paths.iter().map(|path| self.path(path)).collect::<Vec<_>>(), &[])
        }

        /// The paths found, below the folder.
        fn found(&self, paths: &[&str]) -> Vec<String> {
            let inputs = self.find(paths).unwrap().inputs;
            inputs.iter().map(|input| input.path.strip_prefix(&self.path("")).unwrap().to_owned()).collect()
        }
    }

    #[test]
    fn directories_are_read_to_the_bottom_by_name() {
        let tree = Tree::new(&["b.txt", "a/z.txt", "a/.hidden", "a/b/c.txt"]);
        let expected = ["/a/.hidden", "/a/b/c.txt", "/a/z.txt", "/b.txt"];
        for root in ["", "/", "//"] {
            assert_eq!(tree.found(&[root]), expected);
        }
    }

    #[test]
    fn globs_are_sorted_and_take_directories_whole() {
        let tree = Tree::new(&["b.txt", "a.txt", "c.md", ".d.txt", "sub/e.txt", "x[1].txt"]);
        assert_eq!(tree.found(&["/?.txt"]), ["/a.txt", "/b.txt"]);
        assert_eq!(tree.found(&["/s*"]), ["/sub/e.txt"]);
        assert_eq!(tree.found(&["/**"]), ["/a.txt", "/b.txt", "/c.md", "/sub/e.txt", "/x[1].txt"]);
        // What exists is no glob.
        assert_eq!(tree.found(&["/x[1].txt"]), ["/x[1].txt"]);
    }

    #[test]
    fn a_file_named_twice_is_read_once_whatever_the_order() {
        let tree = Tree::new(&["a/1.txt", "a/2.txt"]);
        for paths in [["/a", "/a/2.txt"], ["/a/2.txt", "/a"], ["/a", "/a"]] {
            let mut found = tree.found(&paths);
            found.sort();
            assert_eq!(found, ["/a/1.txt", "/a/2.txt"]);
        }
        let paths = vec!["-".to_owned(), "-".to_owned()];
        assert_eq!(find(&paths, &[]).unwrap().inputs.len(), 1);
    }

    #[test]
    fn a_path_that_is_not_there_says_what_to_give() {
        let tree = Tree::new(&["a.txt"]);
        let cases = [
            ("/b.txt", "no such file or directory; give a file"),
            ("/*.md", "the glob matches nothing; give"),
            ("/[", "malformed glob: "),
        ];
        for (path, expected) in cases {
            let error = tree.find(&[path]).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{}: {expected}", tree.path(path))), "{error}");
        }
    }

    #[test]
    fn an_empty_directory_is_named() {
        let tree = Tree::new(&["a.txt"]);
        fs::create_dir_all(tree.path("/empty/empty")).unwrap();
        let inputs = tree.find(&["/empty", "/a.txt"]).unwrap();
        assert_eq!(inputs.inputs.len(), 1);
        assert_eq!(inputs.skipped[0].reason, "the directory holds no files");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_but_not_in_circles() {
        let tree = Tree::new(&["data/a.txt", "other/b.txt"]);
        std::os::unix::fs::symlink(tree.path("/other"), tree.path("/data/link")).unwrap();
        std::os::unix::fs::symlink(tree.path("/data"), tree.path("/data/loop")).unwrap();
        std::os::unix::fs::symlink(tree.path("/data/a.txt"), tree.path("/data/same.txt")).unwrap();
        std::os::unix::fs::symlink(tree.path("/nowhere"), tree.path("/data/broken")).unwrap();
        assert_eq!(tree.found(&["/data"]), ["/data/a.txt", "/data/link/b.txt"]);
        let inputs = tree.find(&["/data"]).unwrap();
        let reasons: Vec<_> = inputs.skipped.iter().map(|s| (s.path.as_str(), s.reason.as_str())).collect();
        let (broken, looping) = (tree.path("/data/broken"), tree.path("/data/loop"));
        assert_eq!(reasons.iter().map(|r| r.0).collect::<Vec<_>>(), [broken, looping]);
        assert!(reasons[0].1.starts_with("cannot be read: No such file"), "{reasons:?}");
        assert_eq!(reasons[1].1, format!("a symbolic link back to {}, not followed", tree.path("/data")));
        assert!(inputs.notes[0].text.starts_with("the same file as"), "{:?}", inputs.notes);
    }
}
