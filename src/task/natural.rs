//! The natural order of names: `layer2` before `layer10`.

/// A part of a name. Numbers sort before text, and by value.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NamePart {
    /// Number of digits without leading zeros, these digits, and the digits as written.
    Number(usize, String, String),
    Text(String),
}

/// The parts of a name, which sort `layer2` before `layer10`.
pub(crate) fn natural(name: &str) -> Vec<NamePart> {
    let characters: Vec<char> = name.chars().collect();
    let pieces = characters.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    pieces
        .map(|piece| {
            let text: String = piece.iter().collect();
            if piece[0].is_ascii_digit() {
                let digits = text.trim_start_matches('0').to_owned();
                NamePart::Number(digits.len(), digits, text)
            } else {
                NamePart::Text(text)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_in_natural_order() {
        let mut names = ["10", "2.net", "1", "02", "2"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["1", "02", "2", "2.net", "10"]);
    }
}
