//! What a command line of `wirecopy scan` asks for, told to engines that run the
//! stages in its place: the options that decide results are typed and checked
//! here, and those of `--config` with them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use clap::FromArgMatches;
use serde::Serialize;

use super::args::{Args, Command};
use super::{config, config_file};
use crate::error::Error;
use crate::params::Params;

/// What decides the results of a scan.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// Parameters of detection, and limits on pairs.
    pub params: Params,
    /// How documents are read, by the names of [`crate::batch::Settings`].
    pub reading: Reading,
    /// Paths of the other side.
    pub against: Vec<String>,
}

/// How documents are read.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// Where the fields of records are found.
    fields: Vec<String>,
    /// Publishers with their hosts and names.
    families: BTreeMap<String, Vec<String>>,
    /// Bytes that a document may have.
    max_document_bytes: u64,
}

/// What these options of `wirecopy scan` ask for.
///
/// # Errors
///
/// As the command refuses them.
pub fn asked(options: &[String]) -> Result<Asked, Error> {
    // An engine has its own inputs, and no scan is without.
    let typed = ["wirecopy", "scan", "-"].into_iter().chain(options.iter().map(String::as_str));
    let wrong = |error: &clap::Error| {
        let said = error.to_string();
        let problem = said.trim_start_matches("error: ").trim_end().to_owned();
        Error::param("command line", options.join(" "), format!("one of wirecopy scan: {problem}"))
    };
    let matches =
        config_file::try_matches(typed.map(OsString::from).collect())?.map_err(|error| wrong(&error))?;
    let args = Args::from_arg_matches(&matches).map_err(|error| wrong(&error))?;
    let Command::Scan(args) = args.command else { unreachable!("it was typed as a scan") };
    let (params, options) = config::params_and_options(&args.detection, args.level.into(), &args.input)?;
    let params = config::limited(params, &args)?;
    let families = args.input.config.as_deref().map(|path: &Path| config_file::families(path));
    let reading = Reading {
        fields: args.input.field,
        families: families.transpose()?.unwrap_or_default(),
        max_document_bytes: options.max_document_bytes,
    };
    Ok(Asked { params, reading, against: args.against })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_and_the_file_of_settings_are_those_of_the_command() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = "min-jaccard = 0.6\nwithin = \"2h\"\nfield = [\"text=body\"]\nthreads = 3\n\
                    [families]\n\"a.example\" = [\"b.example\"]\n\
                    [agencies.\"Northwire\"]\ndomains = [\"northwire.example\"]\n";
        std::fs::write(file.path(), text).unwrap();
        let config = format!("--config={}", file.path().display());
        let options = [config.as_str(), "--within=3h", "--against=mine", "--count=template"];
        let found = asked(&options.map(str::to_owned)).unwrap();
        assert_eq!((found.params.min_jaccard, found.params.within_s), (0.6, Some(10_800)));
        assert!(found.params.against && found.params.agencies.contains_key("Northwire"));
        assert_eq!(found.against, ["mine"]);
        let reading = serde_json::to_value(&found.reading).unwrap();
        assert_eq!(reading["fields"][0], "text=body");
        assert_eq!(reading["families"]["a.example"][0], "b.example");
        assert_eq!(reading["families"]["Northwire"][0], "northwire.example");
    }

    #[test]
    fn what_is_wrong_is_told_and_ends_nothing() {
        let cases = [
            ("--min-jaccard=2", "min-jaccard is 2, but must be above 0 and at most 1"),
            ("--min-jacard=0.5", "unexpected argument '--min-jacard' found"),
            ("--within=5", "within is 5, but must be a number with s, m, h, d or w"),
            ("--config=/no/such/file", "cannot read /no/such/file"),
            ("--help", "one of wirecopy scan"),
        ];
        for (option, message) in cases {
            let error = asked(&[option.to_owned()]).unwrap_err().to_string();
            assert!(error.contains(message), "{option}: {error}");
        }
    }
}
