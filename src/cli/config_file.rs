//! The file of `--config`: what is set for many runs.
//!
//! Its keys are the long names of options, `min-jaccard = 0.6`, and its tables
//! name publishers with several hosts (`[families]`) and agencies
//! (`[agencies]`). A setting is handed to
//! the parser of the command line as if it had been typed, unless the option
//! was typed itself, so that both are checked alike and every option can be
//! set. One that another command knows is left alone; one that no command
//! knows is an error, so that a slip in a name does not pass as a setting.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, CommandFactory, FromArgMatches};
use serde::Deserialize;

use super::args::{Args, Command};
#[cfg(feature = "index")]
use super::index::args::IndexCommand;
use crate::error::Error;
use crate::params::AgencyNames;
use crate::read::Families;

/// The option that names the file, which cannot name another one.
const CONFIG: &str = "config";

/// The tables of the file.
const TABLES: [&str; 2] = ["families", "agencies"];

/// The file as written.
#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    families: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    agencies: BTreeMap<String, AgencyNames>,
    #[serde(flatten)]
    options: BTreeMap<String, toml::Value>,
}

impl Written {
    /// The publishers with several hosts. What an agency publishes is known by its
    /// name: a domain of its own gives documents that name as their source, so
    /// that credits to it meet them.
    fn families(&self) -> impl Iterator<Item = (&String, &[String])> {
        let of_agencies = self.agencies.iter().map(|(name, names)| (name, names.domains.as_slice()));
        self.families.iter().map(|(name, members)| (name, members.as_slice())).chain(of_agencies)
    }
}

/// What it sets apart from options.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) families: Families,
    pub(super) agencies: BTreeMap<String, AgencyNames>,
}

/// Reads the file at `path`.
pub(super) fn read(path: &Path) -> Result<Settings, Error> {
    let written = load(path)?;
    let mut families = Families::default();
    for (name, members) in written.families() {
        let added = families.try_add(name, members.iter().map(String::as_str));
        added.map_err(|error| Error::format(path, None, error.to_string()))?;
    }
    Ok(Settings { families, agencies: written.agencies })
}

/// The families of the file at `path`, as written.
#[cfg(feature = "arrow")]
pub(super) fn families(path: &Path) -> Result<BTreeMap<String, Vec<String>>, Error> {
    let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, members) in load(path)?.families() {
        families.entry(name.clone()).or_default().extend_from_slice(members);
    }
    Ok(families)
}

/// Its tables, as TOML.
pub(super) fn tables(path: &Path) -> Result<String, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    let mut all: toml::Table =
        toml::from_str(&text).map_err(|error| Error::format(path, None, error.message()))?;
    all.retain(|name, _| TABLES.contains(&name));
    Ok(all.to_string())
}

/// Its options, as TOML.
pub(super) fn options(path: &Path) -> Result<BTreeMap<String, toml::Value>, Error> {
    Ok(load(path)?.options)
}

/// The command line `typed`, with what its `--config` sets. Ends the process,
/// as the parser does, where either is wrong or help is asked for.
pub(super) fn parse(typed: Vec<OsString>) -> Result<Args, Error> {
    let matches = matches(typed)?;
    let mut args = Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let mut innermost = &matches;
    while let Some((_, inner)) = innermost.subcommand() {
        innermost = inner;
    }
    match &mut args.command {
        Command::Dedup(args) => args.given = given(innermost),
        #[cfg(feature = "index")]
        Command::Index(IndexCommand::Add(args)) => args.given = given(innermost),
        _ => {}
    }
    Ok(args)
}

/// The names of the options that have a value which is no default.
fn given(matches: &ArgMatches) -> Vec<String> {
    let ids = matches.ids().map(clap::Id::as_str);
    let is_given = |id: &&str| {
        matches!(matches.try_contains_id(id), Ok(true))
            && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    ids.filter(is_given).map(|id| id.replace('_', "-")).collect()
}

/// The same, not yet taken apart.
pub(super) fn matches(typed: Vec<OsString>) -> Result<ArgMatches, Error> {
    Ok(try_matches(typed)?.unwrap_or_else(|error| error.exit()))
}

/// The same; what the parser has to say is for the caller to tell.
pub(super) fn try_matches(mut typed: Vec<OsString>) -> Result<Result<ArgMatches, clap::Error>, Error> {
    let command = Args::command();
    let matches = match command.clone().try_get_matches_from(&typed) {
        Ok(matches) => matches,
        Err(error) => return Ok(Err(error)),
    };
    let Some((mut name, mut of_command)) = matches.subcommand() else { return Ok(Ok(matches)) };
    // Of commands within commands the innermost has the options.
    let mut outer = &command;
    while let Some((inner, of_inner)) = of_command.subcommand() {
        outer = outer.find_subcommand(name).expect("it was parsed as one");
        (name, of_command) = (inner, of_inner);
    }
    let path = of_command.try_get_one::<PathBuf>(CONFIG).ok().flatten();
    let Some(path) = path else { return Ok(Ok(matches)) };
    let set = as_typed(path, outer, (name, of_command))?;
    // What stands behind `--` is no option.
    let end = typed.iter().position(|argument| argument == "--").unwrap_or(typed.len());
    typed.splice(end..end, set);
    Ok(command.try_get_matches_from(&typed))
}

/// The options that the file at `path` sets and the command line does not.
fn as_typed(
    path: &Path,
    command: &clap::Command,
    (name, matches): (&str, &ArgMatches),
) -> Result<Vec<OsString>, Error> {
    let mut typed = Vec::new();
    let root = Args::command();
    let mut everywhere: Vec<&clap::Command> = Vec::new();
    let mut open: Vec<&clap::Command> = vec![&root];
    while let Some(command) = open.pop() {
        everywhere.push(command);
        open.extend(command.get_subcommands());
    }
    for (option, value) in load(path)?.options {
        let wrong = |problem: String| Error::format(path, None, problem);
        let find = |command: &clap::Command| {
            command.get_arguments().find(|argument| argument.get_long() == Some(&option)).cloned()
        };
        let known = everywhere.iter().any(|command| find(command).is_some());
        if !known || option == CONFIG {
            return Err(wrong(format!(
                "unknown setting {option}; wirecopy config prints all that there are"
            )));
        }
        let Some(argument) = command.find_subcommand(name).and_then(find) else { continue };
        let is_meant = everywhere.iter().filter_map(|command| find(command)).any(|a| accepts(&a, &value));
        if is_meant && !accepts(&argument, &value) {
            // A form of reports, say, for a command that writes none.
            continue;
        }
        if matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine) {
            continue;
        }
        if argument.get_action().takes_values() {
            let values = match &value {
                toml::Value::Array(values) => values.iter().collect(),
                value => vec![value],
            };
            for value in values {
                let text = plain(value)
                    .ok_or_else(|| wrong(format!("{option} is {value}, but must be a plain value")))?;
                typed.push(format!("--{option}={text}").into());
            }
        } else {
            match value {
                toml::Value::Boolean(true) => typed.push(format!("--{option}").into()),
                toml::Value::Boolean(false) => {}
                value => return Err(wrong(format!("{option} is {value}, but must be true or false"))),
            }
        }
    }
    Ok(typed)
}

/// Whether an option that has a list of values has this one.
fn accepts(argument: &Arg, value: &toml::Value) -> bool {
    let known = argument.get_possible_values();
    match value {
        toml::Value::String(text) => known.is_empty() || known.iter().any(|known| known.matches(text, false)),
        _ => true,
    }
}

/// A value as it would be typed.
fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

fn load(path: &Path) -> Result<Written, Error> {
    let text = fs::read_to_string(path).map_err(|error| Error::io("read", path, error))?;
    parse_text(&text).map_err(|problem| Error::format(path, None, problem))
}

fn parse_text(text: &str) -> Result<Written, String> {
    toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let place = line.map_or(String::new(), |line| format!(" on line {line}"));
        format!("not a file of settings{place}: {}", error.message())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        file
    }

    /// What the file adds to a command line.
    fn added(text: &str, typed: &[&str]) -> Result<Vec<String>, String> {
        let file = file(text);
        let command = Args::command();
        let matches = command.clone().get_matches_from([&["wirecopy"], typed].concat());
        let found = as_typed(file.path(), &command, matches.subcommand().unwrap());
        let found = found.map_err(|error| error.to_string().split_once(": ").unwrap().1.to_owned())?;
        Ok(found.into_iter().map(|argument| argument.into_string().unwrap()).collect())
    }

    #[test]
    fn settings_are_taken_as_typed_and_what_is_typed_wins() {
        let text = "min-jaccard = 0.6\ncount = [\"template\", \"quotation\"]\nstrict = true\nquiet = false\n\
                    within = \"72h\"\nthreads = 2\n[families]\n\"a.example\" = [\"b.example\"]\n";
        let cases: [(&[&str], &[&str]); 3] = [
            (
                &["scan", "x"],
                &[
                    "--count=template",
                    "--count=quotation",
                    "--min-jaccard=0.6",
                    "--strict",
                    "--threads=2",
                    "--within=72h",
                ],
            ),
            (
                &["scan", "x", "--min-jaccard", "0.9", "--count", "boilerplate", "--threads=1"],
                &["--strict", "--within=72h"],
            ),
            // What only a scan knows is no matter for another command.
            (&["read", "x"], &["--strict", "--threads=2"]),
        ];
        for (typed, expected) in cases {
            assert_eq!(added(text, typed).unwrap(), expected, "{typed:?}");
        }
    }

    #[test]
    fn families_are_read() {
        let settings = read(file("[families]\n\"a.example\" = [\"b.example\", \"The B\"]\n").path()).unwrap();
        assert_eq!(settings.families.of("www.b.example"), Some("a.example"));
        assert_eq!(read(file("").path()).unwrap().families, Families::default());
    }

    #[test]
    fn agencies_are_read_and_their_domains_are_theirs() {
        let text = "[agencies.\"Northwire\"]\naliases = [\"NW\"]\ndomains = [\"northwire.example\"]\n";
        let settings = read(file(text).path()).unwrap();
        assert_eq!(settings.agencies["Northwire"].aliases, ["NW"]);
        assert_eq!(settings.families.of("www.northwire.example"), Some("Northwire"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            ("min-jacard = 0.6\n", "unknown setting min-jacard; wirecopy config prints all that there are"),
            ("config = \"other.toml\"\n", "unknown setting config"),
            ("[family]\na = []\n", "unknown setting family"),
            ("strict = \"yes\"\n", "strict is \"yes\", but must be true or false"),
            ("min-jaccard = true\n", "min-jaccard is true, but must be a plain value"),
            ("\n[families]\na = \"b\"\n", "not a file of settings on line 3: invalid type"),
            ("[agencies.X]\nalias = []\n", "not a file of settings on line 2: unknown field `alias`"),
            ("[agencies.X]\nforms = [\"by\"]\n", "not a file of settings on line 2: unknown variant `by`"),
            ("=", "not a file of settings on line 1"),
        ];
        for (text, expected) in cases {
            let error = added(text, &["scan", "x"]).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let error = read(file("[families]\na = [\"x\"]\nb = [\"x\"]\n").path()).unwrap_err().to_string();
        assert!(error.contains("x is a member of a too"), "{error}");
    }
}
