//! Parsing filters.

use std::str::FromStr;

use super::error::FilterError;
use super::key::{Key, Kind};
use super::operator::Op;
use super::{Filter, Term, Value};
use crate::catalog::State;
use crate::network::Architecture;
use crate::prune::Stages;
use crate::train::EngineChoice;

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        let terms = tokens(text)?.iter().map(Token::term).collect::<Result<_, _>>()?;
        Ok(Self { text: text.trim().to_owned(), terms })
    }
}

/// A term of the filter before it is parsed.
struct Token {
    /// Where it starts in the filter, in characters from 1.
    at: usize,
    /// Its characters, each with whether it is quoted.
    characters: Vec<(char, bool)>,
}

/// Splits `text` at spaces outside quotes.
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
            return Err(FilterError { at, message: "a filter cannot contain control characters".to_owned() });
        }
        if !inside {
            tokens.push(Token { at, characters: Vec::new() });
            inside = true;
        }
        if let Some(token) = tokens.last_mut() {
            // Quotes are kept for now, so that an empty value leaves a token.
            token.characters.push((character, open.is_some() || character == '"'));
        }
    }
    match open {
        Some(at) => Err(FilterError { at, message: "this quote is not closed; add another `\"`".to_owned() }),
        None => Ok(tokens),
    }
}

impl Token {
    fn term(&self) -> Result<Term, FilterError> {
        let is_operator = |&(character, quoted): &(char, bool)| !quoted && "=!<>~".contains(character);
        let Some(split) = self.characters.iter().position(is_operator) else {
            let word = self.text(0).to_ascii_lowercase();
            return if word.is_empty() {
                Err(self.error(0, "there is nothing between these quotes".to_owned()))
            } else {
                Ok(Term::Word(word))
            };
        };
        let name: String = self.characters[..split].iter().map(|&(character, _)| character).collect();
        let key = Key::find(&name).ok_or_else(|| Key::unknown(&name, self.at))?;
        let (op, length) = self.operator(split)?;
        if !key.kind().operators().contains(&op) {
            let known: Vec<_> = key.kind().operators().iter().map(|op| op.as_str()).collect();
            return Err(self.error(split, format!("use `{name}` with {}, not {}", known.join(" "), op.as_str())));
        }
        let value = value(key.kind(), op, &self.text(split + length))
            .map_err(|expected| self.error(split + length, format!("`{name}` needs {expected}")))?;
        Ok(Term::Compare(key, op, value))
    }

    /// The operator at character `split` of the token, and its length.
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

    /// The token's text from character `from`, without quotes.
    fn text(&self, from: usize) -> String {
        self.characters[from..].iter().map(|&(character, _)| character).filter(|&character| character != '"').collect()
    }

    fn error(&self, offset: usize, message: String) -> FilterError {
        FilterError { at: self.at + offset, message }
    }
}

/// Parses `text` as a value for a key of this kind. The error says what is expected instead.
fn value(kind: Kind, op: Op, text: &str) -> Result<Value, String> {
    let word = |found: bool, expected: &str| {
        if found { Ok(Value::Text(text.to_owned())) } else { Err(format!("{expected}, not `{text}`")) }
    };
    if op == Op::Contains {
        return word(!text.is_empty(), "a part of the text").map(|_| Value::Text(text.to_ascii_lowercase()));
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
            Err(_) => Err(format!("layer widths such as 4,24,4, not `{text}`")),
        },
        Kind::State => word(text.parse::<State>().is_ok(), &one_of(State::ALL.map(State::as_str))),
        Kind::Stages => word(text.parse::<Stages>().is_ok(), "dense, unit, edge or unit+edge"),
        Kind::Engine => word(text.parse::<EngineChoice>().is_ok(), &one_of(EngineChoice::ALL.map(EngineChoice::name))),
        Kind::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Number(number)),
            _ => Err(format!("a number, not `{text}`")),
        },
        Kind::Whole => {
            text.parse().map(Value::Whole).map_err(|_| format!("a whole number of at least 0, not `{text}`"))
        }
        Kind::Truth => match text {
            "yes" | "true" => Ok(Value::Truth(true)),
            "no" | "false" => Ok(Value::Truth(false)),
            _ => Err(format!("yes or no, not `{text}`")),
        },
        Kind::Time => {
            let plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'.' | b'T' | b'Z');
            word(!text.is_empty() && text.bytes().all(plain), "a time such as 2026-11-22 or 2026-11-22T15:30")
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
    fn documented_filters_are_parsed() {
        let text = "task=4-1-2-16 depth>=2 density<0.05 status=running seed<2 tag=x arch=4,24,4 true_modules=yes \
                    experiment=figure-6 note~\"two words\" lr==0.001 created>=2026-11 word";
        let filter: Filter = text.parse().unwrap();
        assert_eq!(filter.terms.len(), 13);
        assert_eq!(filter.terms[9], Term::Compare(Key::Note, Op::Contains, Value::Text("two words".to_owned())));
        assert_eq!(filter.to_string(), text);
        assert!("  ".parse::<Filter>().unwrap().is_empty());
        let older: Filter = "success=true".parse().unwrap();
        assert_eq!(older.terms[0], filter.terms[7]);
    }

    #[test]
    fn errors_name_the_position_and_what_is_expected() {
        assert!(error("task=x dept>2").contains("no key `dept`") && error("task=x dept>2").contains("depth, width"));
        assert!(error("task=x dept>2").ends_with("(character 8)"));
        assert!(error("depth>two").contains("a number, not `two`"));
        assert!(error("depth>").ends_with("(character 7)"));
        assert!(error("depth=nan").contains("a number"));
        assert!(error("status=done").contains("untrained"));
        assert!(error("status<running").contains("with = !="));
        assert!(error("seed=-1").contains("whole number"));
        assert!(error("true_modules=maybe").contains("yes or no"));
        assert!(error("arch=4").contains("4,24,4"));
        assert!(error("note=\"open").contains("not closed"));
        assert!(error("depth!2").contains("operators are"));
        assert!(error("tag=").contains("a name"));
        assert!(error("note~").contains("a part"));
        assert!(error("\"\"").contains("nothing between"));
        assert!(error("=3").contains("no key ``"));
        assert!(error("a\u{7}b").contains("control"));
    }

    #[test]
    fn quotes_protect_operators_and_spaces() {
        let word: Filter = "\"a=b c\"".parse().unwrap();
        assert_eq!(word.terms, [Term::Word("a=b c".to_owned())]);
        let empty: Filter = "note=\"\"".parse().unwrap();
        assert_eq!(empty.terms, [Term::Compare(Key::Note, Op::Equal, Value::Text(String::new()))]);
    }
}
