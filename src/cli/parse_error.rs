//! What clap has to say about a command line.

use std::process::ExitCode;

use clap::CommandFactory;

use super::command::Cli;

/// Prints help and version as they are, and an error as one line.
pub(super) fn print(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let command = Cli::command();
        let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        let typed = std::env::args().skip(1).find(|argument| names.contains(&argument.as_str()));
        let help = typed.map_or_else(|| "sculpt --help".to_owned(), |name| format!("sculpt {name} --help"));
        eprintln!("sculpt: {}; see `{help}`", one_line(&error.render().to_string()));
        return ExitCode::from(2);
    }
    // The reader may have closed the pipe, as `| head` does.
    let _ = error.print();
    ExitCode::SUCCESS
}

/// The first paragraph of clap's message, which says what is wrong, followed by its tips.
fn one_line(message: &str) -> String {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut paragraphs = message.split("\n\n").map(words);
    let mut line = paragraphs.next().unwrap_or_default();
    if let Some(rest) = line.strip_prefix("error: ") {
        line = rest.to_owned();
    }
    for tip in paragraphs.filter(|paragraph| paragraph.starts_with("tip: ")) {
        line.push_str("; ");
        line.push_str(&tip["tip: ".len()..]);
    }
    line
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn errors_are_one_line() {
        let line = |arguments: &[&str]| {
            let arguments = ["sculpt"].iter().chain(arguments);
            one_line(&Cli::try_parse_from(arguments).unwrap_err().render().to_string())
        };
        assert_eq!(
            line(&["run", "quickstart", "--sed", "1"]),
            "unexpected argument '--sed' found; a similar argument exists: '--seed'"
        );
        assert_eq!(line(&["show"]), "the following required arguments were not provided: <TRIAL>");
        assert_eq!(line(&["run", "a", "--jobs", "0"]), "invalid value '0' for '--jobs <N>': 0 is not in 1..=256");
        assert!(line(&["completions", "sh"]).ends_with("[possible values: bash, elvish, fish, powershell, zsh]"));
        assert_eq!(line(&["lst"]), "unrecognized subcommand 'lst'; a similar subcommand exists: 'list'");
    }
}
