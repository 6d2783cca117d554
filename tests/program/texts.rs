//! Every text that a person can read. `cargo test --release --test program texts -- --nocapture` prints the list.
//!
//! Help is taken from the program, keys from their table, and messages from the source files: every string of three or
//! more words outside tests. Phrases that have been replaced must not come back, in these texts, comments or documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use neural_sculpting::tui::keys::TABLE;

/// Phrases that sounded translated, and terms that the glossary replaces.
const REPLACED: &[&str] = &[
    "a trial more",
    "anew",
    "are told",
    "as far as it is known",
    "go on with",
    "goes on with",
    "in words of",
    "is told",
    "it tells",
    "lately",
    "lets go",
    "none that there is",
    "nothing runs any more",
    "of one's own",
    "one trial more",
    "one worker more",
    "takes none of them as one",
    "the true ones",
    "turns it round",
    "was told",
    "what came of it",
    "what came out",
    "whoever",
    "yet to be",
];

/// British spellings; this project uses American ones.
const BRITISH: &[&str] =
    &["behaviour", "centre", "colour", "colours", "favour", "grey", "labelled", "neighbour", "neighbours", "optimiser"];

/// Parts of SQL, which is not for readers.
const SQL: &[&str] = &[
    "SELECT ", "CREATE ", "INSERT ", "DELETE ", "UPDATE ", "PRAGMA ", "DROP ", "BEGIN", " NULL", "NULLS", " DESC",
    "CAST(", "instr(", "?1",
];

/// A text and its place: a file and line, a command, or a key.
struct Text {
    place: String,
    text: String,
    /// Is it an error message?
    message: bool,
}

/// The code before an error message.
const MESSAGE: &[&str] = &["#[error(", "bail!(", "anyhow!(", "ensure!(", "context("];

/// The code before a reason that only programmers read.
const REASON: &[&str] = &["reason=", ".expect(", "unreachable!("];

/// A string in a source file.
struct Literal {
    line: usize,
    text: String,
    /// The code before it, without spaces.
    before: String,
}

impl Literal {
    fn follows(&self, ends: &[&str]) -> bool {
        ends.iter().any(|end| self.before.ends_with(end))
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder with one of `extensions`, sorted.
fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().is_some_and(|of| extensions.iter().any(|known| of == *known)) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// The strings of a source file.
fn literals(source: &str) -> Vec<Literal> {
    let code: Vec<char> = source.chars().collect();
    let before = |at: usize| code[at.saturating_sub(40)..at].iter().filter(|c| !c.is_whitespace()).collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < code.len() {
        let rest = |text: &str| code[at..].iter().copied().take(text.len()).eq(text.chars());
        let hashes = code[at + 1..].iter().take_while(|&&c| c == '#').count();
        let starts_word = at == 0 || !(code[at - 1].is_alphanumeric() || code[at - 1] == '_');
        let end = if rest("//") {
            at + code[at..].iter().take_while(|&&c| c != '\n').count()
        } else if rest("'") && code.get(at + 1) == Some(&'\\') {
            // A character such as '\n' or '\u{7}'.
            at + 3 + code[at + 3..].iter().take_while(|&&c| c != '\'').count() + 1
        } else if rest("'") && code.get(at + 2) == Some(&'\'') {
            at + 3
        } else if rest("r") && starts_word && code.get(at + 1 + hashes) == Some(&'"') {
            let close: Vec<char> = format!("\"{}", "#".repeat(hashes)).chars().collect();
            let start = at + 2 + hashes;
            let length = code[start..].windows(close.len()).position(|window| window == close).unwrap();
            found.push(Literal { line, text: code[start..start + length].iter().collect(), before: before(at) });
            start + length + close.len()
        } else if rest("\"") {
            let (mut text, mut end) = (String::new(), at + 1);
            while code[end] != '"' {
                if code[end] != '\\' {
                    text.push(code[end]);
                } else {
                    end += 1;
                    match code[end] {
                        // The line goes on behind the spaces of the next.
                        '\n' => end += code[end + 1..].iter().take_while(|c| c.is_whitespace()).count(),
                        'n' => text.push('\n'),
                        other => text.extend(['"', '\\', '\''].contains(&other).then_some(other)),
                    }
                }
                end += 1;
            }
            found.push(Literal { line, text, before: before(at) });
            end + 1
        } else {
            at + 1
        };
        line += code[at..end].iter().filter(|&&c| c == '\n').count();
        at = end;
    }
    found
}

/// A source file without its tests.
fn without_tests(source: &str) -> &str {
    let ends = source.match_indices("\n#[cfg(test)]\n").find(|(at, mark)| {
        let next = source[at + mark.len()..].lines().next().unwrap_or_default();
        next.contains("mod ") && next.ends_with('{')
    });
    ends.map_or(source, |(at, _)| &source[..at])
}

fn is_test(path: &Path) -> bool {
    let name = name(path);
    name.contains("/tests/") || name.ends_with("tests.rs") || name.ends_with("testing.rs")
}

/// The error messages and sentences in the source files.
fn messages() -> Vec<Text> {
    let mut texts = Vec::new();
    for path in files(&root().join("src"), &["rs"]).into_iter().filter(|path| !is_test(path)) {
        let source = fs::read_to_string(&path).unwrap();
        for literal in literals(without_tests(&source)).into_iter().filter(|literal| !literal.follows(REASON)) {
            let (message, text) = (literal.follows(MESSAGE), literal.text);
            let words = text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
            let is_sql = SQL.iter().any(|part| text.contains(part));
            if message || words.count() >= 3 && !is_sql {
                texts.push(Text { place: format!("{}:{}", name(&path), literal.line), text, message });
            }
        }
    }
    texts
}

/// Adds the help of a command and of its subcommands.
fn help(command: &[&str], texts: &mut Vec<Text>) {
    let output = Command::new(env!("CARGO_BIN_EXE_sculpt")).args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let listed = text.split_once("\nCommands:\n").map_or("", |(_, rest)| rest.split("\nOptions:").next().unwrap());
    let below: Vec<String> = listed
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|name| name != "help")
        .collect();
    let place = ["sculpt", &command.join(" "), "--help"].join(" ").replace("  ", " ");
    texts.push(Text { place, text, message: false });
    for name in below {
        help(&[command, &[&name]].concat(), texts);
    }
}

fn keys() -> Vec<Text> {
    let mut texts = Vec::new();
    for section in TABLE {
        texts.push(Text { place: "keys".to_owned(), text: section.title.to_owned(), message: false });
        for binding in section.bindings {
            let place = format!("keys, {}", binding.keys.join(" "));
            for text in [binding.help, binding.hint].into_iter().filter(|text| !text.is_empty()) {
                texts.push(Text { place: place.clone(), text: text.to_owned(), message: false });
            }
        }
    }
    texts
}

fn all() -> Vec<Text> {
    let mut texts = Vec::new();
    help(&[], &mut texts);
    texts.extend(keys());
    texts.extend(messages());
    texts
}

/// The position of `phrase` in `text`, as whole words.
fn phrase_at(text: &str, phrase: &str) -> Option<usize> {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(phrase).map(|(at, _)| at).find(|&at| {
        let after = &text[at + phrase.len()..];
        // "Told apart" is good English.
        !is_part(text[..at].chars().next_back()) && !is_part(after.chars().next()) && !after.starts_with(" apart")
    })
}

/// The words of a text in lower case, on one line, without comment marks and underscores.
fn prose(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches("//").trim_start_matches(['/', '!', '#']));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").replace('_', " ").to_lowercase()
}

#[test]
fn texts_follow_the_rules_of_style() {
    let texts = all();
    let (helps, messages) =
        (texts.iter().filter(|text| text.place.ends_with("--help")), texts.iter().filter(|text| text.message));
    assert!(helps.count() > 15 && messages.count() > 100 && texts.len() > 700, "the list of texts is not whole");
    let mut wrong = Vec::new();
    for Text { place, text, message } in &texts {
        println!("{place}: {text}");
        let prose = prose(text);
        for word in BRITISH.iter().filter(|word| phrase_at(&prose, word).is_some()) {
            wrong.push(format!("{place}: `{word}` is not American spelling"));
        }
        if *message {
            let first = text.chars().next().unwrap_or('X');
            let second = text.chars().nth(1).unwrap_or('X');
            if first.is_uppercase() && second.is_lowercase() || text.ends_with(['.', '!']) && !text.ends_with("..") {
                wrong.push(format!("{place}: a message begins in lower case and has no period at its end: {text}"));
            }
            if text.contains('\n') {
                wrong.push(format!("{place}: a message is one line: {text}"));
            }
        }
    }
    println!("{} texts", texts.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn replaced_phrases_do_not_come_back() {
    let mut paths: Vec<PathBuf> = ["src", "tests", "benches", "docs", "presets"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), &["rs", "md", "toml", "snap"]))
        .collect();
    let top = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path());
    paths.extend(top.filter(|path| path.extension().is_some_and(|of| of == "md" || of == "toml")));
    assert!(paths.len() > 300, "{}", paths.len());
    let mut wrong = Vec::new();
    for path in paths.iter().filter(|path| !path.ends_with(file!())) {
        let text = prose(&fs::read_to_string(path).unwrap());
        for phrase in REPLACED {
            if let Some(at) = phrase_at(&text, phrase) {
                let around: String = text[..at].chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
                wrong.push(format!("{}: .. {around}[{phrase}]", name(path)));
            }
        }
        // A document that does not exist, with numbered sections.
        let numbered = |at: usize| text[at + "design ".len()..].starts_with(|c: char| c.is_ascii_digit());
        if text.match_indices("design ").any(|(at, _)| numbered(at)) {
            wrong.push(format!("{}: a reference to a numbered section of a design document", name(path)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn strings_are_found_in_source_files() {
    let source = r##"
        // "no string" in a comment, isn't it
        #[error("it {0} \"broke\"")]
        fn a<'a>(c: &'a str) -> char { if c == "x" { '"' } else { '\'' } }
        let raw = r#"raw "text" here"#;
        bail!(
            "two \
             lines\n"
        );
    "##;
    let found = literals(source);
    let facts: Vec<_> = found.iter().map(|one| (one.line, one.text.as_str(), one.follows(MESSAGE))).collect();
    let expected =
        [(3, "it {0} \"broke\"", true), (4, "x", false), (5, "raw \"text\" here", false), (7, "two lines\n", true)];
    assert_eq!(facts, expected);
    assert_eq!(
        without_tests("a\n#[cfg(test)]\nmod tests;\nb\n#[cfg(test)]\nmod tests {\n}"),
        "a\n#[cfg(test)]\nmod tests;\nb"
    );
    assert_eq!(prose("/// It goes\n    /// on  with\n//! This"), "it goes on with this");
    assert_eq!((phrase_at("it goes on", "goes on"), phrase_at("forgoes on", "goes on")), (Some(3), None));
}
