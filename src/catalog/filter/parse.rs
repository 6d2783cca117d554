//! From text to a filter.

use std::str::FromStr;

use super::key::{Key, Kind};
use super::{Filter, Op, Term, Value};
use crate::catalog::State;
use crate::network::Architecture;
use crate::prune::Stages;
use crate::train::EngineChoice;

/// What is wrong with a filter or a sort order, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} (character {at})")]
pub struct FilterError {
    /// The character at which it goes wrong, from 1.
    pub at: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl FilterError {
    pub(super) fn unknown_key(name: &str, at: usize) -> Self {
        Self { at, message: format!("there is no `{name}` to filter or sort by; there are {}", Key::names()) }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let terms = tokens(text)?.iter().map(Token::term).collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().to_owned(), terms })
    }
}

/// A word of the filter: its characters, each with whether it was quoted.
struct Token {
    at: usize,
    characters: Vec<(char, bool)>,
}

/// Cuts `text` at the spaces outside quotes.
fn tokens(text: &str) -> Result<Vec<Token>, FilterError> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut open, mut inside) = (None, false);
    for (at, character) in (1..).zip(text.chars()) {
        if character == '"' {
            open = if open.is_some() { None } else { Some(at) };
        }
        if open.is_none() && character.is_whitespace() {
            inside = false;
            continue;
        }
        if character.is_control() {
            return Err(FilterError { at, message: "a filter has no control characters in it".to_owned() });
        }
        if !inside {
            tokens.push(Token { at, characters: Vec::new() });
            inside = true;
        }
        if let Some(token) = tokens.last_mut() {
            // Quotes are kept for now, as quoted: an empty value needs a place.
            token.characters.push((character, open.is_some() || character == '"'));
        }
    }
    match open {
        Some(at) => Err(FilterError { at, message: "this quote is not closed; write another `\"`".to_owned() }),
        None => Ok(tokens),
    }
}

impl Token {
    fn term(&self) -> Result<Term, FilterError> {
        let is_operator = |&(character, quoted): &(char, bool)| !quoted && "=!<>~".contains(character);
        let Some(split) = self.characters.iter().position(is_operator) else {
            let word = self.text(0).to_ascii_lowercase();
            return if word.is_empty() {
                Err(self.error(0, "this word is empty".to_owned()))
            } else {
                Ok(Term::Word(word))
            };
        };
        let name: String = self.characters[..split].iter().map(|&(character, _)| character).collect();
        let key = Key::find(&name).ok_or_else(|| FilterError::unknown_key(&name, self.at))?;
        let (op, length) = self.operator(split)?;
        if !key.kind().operators().contains(&op) {
            let known: Vec<_> = key.kind().operators().iter().map(|op| op.as_str()).collect();
            return Err(self.error(split, format!("`{name}` takes {}, not {}", known.join(" "), op.as_str())));
        }
        let value = value(key.kind(), op, &self.text(split + length))
            .map_err(|expected| self.error(split + length, format!("`{name}` is compared with {expected}")))?;
        Ok(Term::Compare(key, op, value))
    }

    /// The operator that begins at character `split` of the token, and its length.
    fn operator(&self, split: usize) -> Result<(Op, usize), FilterError> {
        let next = self.characters.get(split + 1).is_some_and(|&next| next == ('=', false));
        match (self.characters[split].0, next) {
            ('=', next) => Ok((Op::Equal, 1 + usize::from(next))),
            ('!', true) => Ok((Op::Unequal, 2)),
            ('<', true) => Ok((Op::AtMost, 2)),
            ('<', false) => Ok((Op::Less, 1)),
            ('>', true) => Ok((Op::AtLeast, 2)),
            ('>', false) => Ok((Op::Greater, 1)),
            ('~', _) => Ok((Op::Contains, 1)),
            _ => Err(self.error(split, "the operators are = != < <= > >= ~".to_owned())),
        }
    }

    /// The text from character `from` of the token on, without its quotes.
    fn text(&self, from: usize) -> String {
        self.characters[from..].iter().map(|&(character, _)| character).filter(|&character| character != '"').collect()
    }

    fn error(&self, offset: usize, message: String) -> FilterError {
        FilterError { at: self.at + offset, message }
    }
}

/// The value that `text` is for a key of this kind, or what should stand in its place.
fn value(kind: Kind, op: Op, text: &str) -> Result<Value, String> {
    let word = |found: bool, expected: &str| {
        if found { Ok(Value::Text(text.to_owned())) } else { Err(format!("{expected}, not `{text}`")) }
    };
    if op == Op::Contains {
        return word(!text.is_empty(), "a part of it").map(|_| Value::Text(text.to_ascii_lowercase()));
    }
    match kind {
        Kind::Text => Ok(Value::Text(text.to_owned())),
        Kind::List => word(!text.is_empty(), "a name"),
        Kind::Id => {
            let start = text.to_ascii_lowercase();
            let hex = !start.is_empty() && start.bytes().all(|byte| byte.is_ascii_hexdigit());
            word(hex, "the start of an id").map(|_| Value::Text(start))
        }
        Kind::Architecture => match text.parse::<Architecture>() {
            Ok(architecture) => Ok(Value::Text(architecture.to_string())),
            Err(_) => Err(format!("layer widths, as in 4,24,4, not `{text}`")),
        },
        Kind::State => word(text.parse::<State>().is_ok(), &one_of(State::ALL.map(State::as_str))),
        Kind::Stages => word(text.parse::<Stages>().is_ok(), "dense, unit, edge or unit+edge"),
        Kind::Engine => word(text.parse::<EngineChoice>().is_ok(), &one_of(EngineChoice::ALL.map(EngineChoice::name))),
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err(format!("a number, not `{text}`")),
        },
        Kind::Whole => text.parse().map(Value::Whole).map_err(|_| format!("a whole number from 0, not `{text}`")),
        Kind::Truth => text.parse().map(Value::Truth).map_err(|_| format!("true or false, not `{text}`")),
        Kind::Time => {
            let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'T' | b'Z');
            word(!text.is_empty() && text.bytes().all(plain), "a time, as in 2026-11-22 or 2026-11-22T15:30")
        }
    }
}

fn one_of<const N: usize>(words: [&str; N]) -> String {
    format!("one of {}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Filter>().unwrap_err().to_string()
    }

    #[test]
    fn all_that_the_documentation_shows_is_understood() {
        let text = "task=4-1-2-16 depth>=2 density<0.05 status=running seed<2 tag=x arch=4,24,4 success=true \
                    experiment=figure-6 note~\"two words\" lr==0.001 created>=2026-11 word";
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.terms.len(), 13);
        assert_eq!(filter.terms[9], Term::Compare(Key::Note, Op::Contains, Value::Text("two words".to_owned())));
        assert_eq!(filter.to_string(), text);
        assert!("  ".parse::<Filter>().unwrap().is_empty());
    }

    #[test]
    fn errors_name_the_place_and_what_would_be_right() {
        assert!(error("task=x dept>2").contains("no `dept`") && error("task=x dept>2").contains("depth, width"));
        assert!(error("task=x dept>2").ends_with("(character 8)"));
        assert!(error("depth>two").contains("a number, not `two`"));
        assert!(error("depth>").ends_with("(character 7)"));
        assert!(error("depth=nan").contains("a number"));
        assert!(error("status=done").contains("untrained"));
        assert!(error("status<running").contains("takes = !="));
        assert!(error("seed=-1").contains("whole number"));
        assert!(error("success=yes").contains("true or false"));
        assert!(error("arch=4").contains("4,24,4"));
        assert!(error("note=\"open").contains("not closed"));
        assert!(error("depth!2").contains("operators are"));
        assert!(error("tag=").contains("a name"));
        assert!(error("note~").contains("a part"));
        assert!(error("\"\"").contains("empty"));
        assert!(error("=3").contains("no ``"));
        assert!(error("a\u{7}b").contains("control"));
    }

    #[test]
    fn quotes_hide_operators_and_spaces() {
        let word: Filter = "\"a=b c\"".parse().unwrap();
        assert_eq!(word.terms, [Term::Word("a=b c".to_owned())]);
        let empty: Filter = "note=\"\"".parse().unwrap();
        assert_eq!(empty.terms, [Term::Compare(Key::Note, Op::Equal, Value::Text(String::new()))]);
    }
}
