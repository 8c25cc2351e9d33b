//! `wirecopy config`, `completions` and `man`: what the command says of itself.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};

use super::args::{Args, CompletionsArgs, ConfigArgs, ManArgs};
use super::shared_args::LogArgs;
use super::{Outcome, config_file, log, output};
use crate::error::Error;

/// Options that make no setting.
const NO_SETTINGS: [&str; 4] = ["config", "explain-params", "help", "version"];

/// Prints every option of a scan with its present value, as a file for
/// `--config`, and behind them those of other commands that read it.
pub(super) fn print(args: &ConfigArgs) -> Result<Outcome, Error> {
    let typed = ["wirecopy", "scan", "--explain-params"].map(OsString::from);
    let matches = config_file::matches(typed.into_iter().chain(args.options.iter().cloned()).collect())?;
    let (name, of_scan) = matches.subcommand().expect("the command line begins with one");
    log::begin(&LogArgs::from_arg_matches(of_scan).unwrap_or_else(|error| error.exit()));
    let command = Args::command();
    let scan = command.find_subcommand(name).expect("it was parsed as one");
    let mut text =
        String::from("# Settings of wirecopy, for --config; what is typed goes before what stands here.\n");
    for argument in scan.get_arguments() {
        if argument.get_long().is_some_and(|long| !NO_SETTINGS.contains(&long)) {
            text.push_str(&setting(argument, of_scan));
        }
    }
    let path = of_scan.try_get_one::<PathBuf>("config").ok().flatten();
    let set = path.map(|path| config_file::options(path)).transpose()?.unwrap_or_default();
    let mut known: Vec<String> = scan.get_arguments().filter_map(Arg::get_long).map(str::to_owned).collect();
    text.push_str(&of_others(&command, "", (&mut known, &set)));
    text.push_str(
        "\n# Tables come last: [families], publishers with their hosts and names, such as\n\
         # \"example.com\" = [\"example.co.uk\", \"The Example\"], and [agencies], with what credits call them.\n",
    );
    if let Some(path) = path {
        text.push_str(&config_file::tables(path)?);
    }
    output::write(None, |out| out.write_all(text.as_bytes()))?;
    Ok(Outcome::Done)
}

/// The options of commands below this one that read the file, each once: as the
/// file sets them, else as a remark.
fn of_others(
    above: &Command,
    path: &str,
    (known, set): (&mut Vec<String>, &BTreeMap<String, toml::Value>),
) -> String {
    let mut text = String::new();
    for command in above.get_subcommands() {
        let name = format!("{path}{}", command.get_name());
        let reads = command.get_arguments().any(|argument| argument.get_long() == Some("config"));
        let mut heading = Some(format!("\n# For {name}:\n"));
        for argument in command.get_arguments().filter(|_| reads) {
            let Some(long) = argument.get_long() else { continue };
            if NO_SETTINGS.contains(&long) || known.iter().any(|known| known == long) {
                continue;
            }
            known.push(long.to_owned());
            text.extend(heading.take());
            text.push_str(&other_setting(argument, set.get(long)));
        }
        text.push_str(&of_others(command, &format!("{name} "), (known, set)));
    }
    text
}

fn other_setting(argument: &Arg, set: Option<&toml::Value>) -> String {
    let name = argument.get_long().unwrap_or_default();
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
    let default = argument.get_default_values().first().map(|value| literal(&value.to_string_lossy()));
    let line = match (set, default) {
        (Some(value), _) => format!("{name} = {value}"),
        (None, _) if !argument.get_action().takes_values() => format!("# {name} = false"),
        (None, Some(default)) => format!("# {name} = {default}"),
        (None, None) => format!("# {name} ="),
    };
    format!("\n# {help}\n{line}\n")
}

/// An option as a line of the file, with what it is for above; one without a
/// value is left as a remark.
fn setting(argument: &Arg, matches: &ArgMatches) -> String {
    let name = argument.get_long().unwrap_or_default();
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
    if !argument.get_action().takes_values() {
        return format!("\n# {help}\n{name} = {}\n", matches.get_flag(argument.get_id().as_str()));
    }
    let given = matches.get_raw(argument.get_id().as_str()).into_iter().flatten();
    let values: Vec<String> = given.map(|value| literal(&value.to_string_lossy())).collect();
    // An option that can be given again is a list.
    let is_list = matches!(argument.get_action(), clap::ArgAction::Append);
    match values.as_slice() {
        [] => format!("\n# {help}\n# {name} =\n"),
        [value] if !is_list => format!("\n# {help}\n{name} = {value}\n"),
        values => format!("\n# {help}\n{name} = [{}]\n", values.join(", ")),
    }
}

/// A value in TOML: a number bare, all else a string.
fn literal(value: &str) -> String {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let is_number = is_plain && (value.parse::<i64>().is_ok() || value.contains('.') && is_decimal(value));
    if is_number && !value.starts_with("00") { value.to_owned() } else { quoted(value) }
}

/// Whether digits stand on both sides of one point, as TOML asks.
fn is_decimal(value: &str) -> bool {
    value.split_once('.').is_some_and(|(whole, part)| {
        !whole.is_empty()
            && !part.is_empty()
            && !part.contains('.')
            && (whole == "0" || !whole.starts_with('0'))
    })
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Prints what a shell needs to complete command lines.
pub(super) fn complete(args: &CompletionsArgs) -> Result<Outcome, Error> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "wirecopy", &mut text);
    output::write(None, |out| out.write_all(&text))?;
    Ok(Outcome::Done)
}

/// Prints the manual page of the command, or of one of its commands.
pub(super) fn manual(args: &ManArgs) -> Result<Outcome, Error> {
    let mut command = Args::command();
    // With the options of the whole in each part.
    command.build();
    let page = args.command.iter().try_fold(command, |command, name| of_name(&command, name))?;
    let title = page.get_display_name().unwrap_or(page.get_name()).to_owned();
    output::write(None, |out| clap_mangen::Man::new(page).title(title).render(&mut Plain(out)))?;
    Ok(Outcome::Done)
}

fn of_name(command: &Command, name: &str) -> Result<Command, Error> {
    let names = || command.get_subcommands().map(Command::get_name).filter(|name| *name != "help");
    let found = command.find_subcommand(name).filter(|_| names().any(|known| known == name));
    let Some(found) = found else {
        let all: Vec<&str> = names().collect();
        return Err(Error::param("command", name.to_owned(), format!("one of {}", all.join(", "))));
    };
    Ok(found.clone())
}

/// A sized writer for an interface that asks for one.
struct Plain<'w>(&'w mut dyn io::Write);

impl io::Write for Plain<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbers_or_strings_of_toml() {
        let cases = [
            ("5", "5"),
            ("0.33", "0.33"),
            ("72h", "\"72h\""),
            ("1.2.3", "\"1.2.3\""),
            ("auto", "\"auto\""),
            ("C:\\x", "'C:\\x'"),
            ("", "\"\""),
            ("007", "\"007\""),
        ];
        for (value, expected) in cases {
            assert_eq!(literal(value), expected);
            let read: toml::Table = toml::from_str(&format!("x = {}", literal(value))).unwrap();
            let text = match &read["x"] {
                toml::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(text, value);
        }
    }
}
