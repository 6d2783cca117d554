//! A line of text being typed.

/// Text and a cursor in it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct TextInput {
    text: Vec<char>,
    cursor: usize,
}

/// The longest text that can be typed or pasted.
const MOST: usize = 500;

impl TextInput {
    /// `text`, with the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        Self { cursor: text.len(), text }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// The text before the cursor and the text from the cursor on.
    #[must_use]
    pub fn parts(&self) -> (String, String) {
        (self.text[..self.cursor].iter().collect(), self.text[self.cursor..].iter().collect())
    }

    /// Inserts `more` at the cursor; line breaks and tabs become spaces, other control characters are dropped.
    pub fn insert(&mut self, more: &str) {
        for character in more.chars() {
            let character = if matches!(character, '\n' | '\r' | '\t') { ' ' } else { character };
            if !character.is_control() && self.text.len() < MOST {
                self.text.insert(self.cursor, character);
                self.cursor += 1;
            }
        }
    }

    /// Moves the cursor by `characters`, at most to either end.
    pub fn move_by(&mut self, characters: isize) {
        self.cursor = self.cursor.saturating_add_signed(characters).min(self.text.len());
    }

    /// Deletes the character before the cursor.
    pub fn backspace(&mut self) {
        if self.cursor > 0 {
            self.cursor -= 1;
            self.text.remove(self.cursor);
        }
    }

    /// Deletes the character under the cursor.
    pub fn delete(&mut self) {
        if self.cursor < self.text.len() {
            self.text.remove(self.cursor);
        }
    }

    /// Deletes the word before the cursor and the spaces after it.
    pub fn delete_word(&mut self) {
        let before = &self.text[..self.cursor];
        let word_end = before.iter().rposition(|character| *character != ' ').map_or(0, |last| last + 1);
        let start = before[..word_end].iter().rposition(|character| *character == ' ').map_or(0, |space| space + 1);
        self.text.drain(start..self.cursor);
        self.cursor = start;
    }

    /// Deletes everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_edited_at_the_cursor() {
        let mut input = TextInput::new("task=4-2-4");
        input.insert(" seed<2");
        input.delete_word();
        assert_eq!(input.text(), "task=4-2-4 ");
        input.delete_word();
        assert_eq!(input.text(), "");
        input.insert("ac\nd\u{7}");
        input.move_by(-3);
        input.insert("b");
        assert_eq!(input.parts(), ("ab".to_owned(), "c d".to_owned()));
        input.delete();
        input.backspace();
        assert_eq!(input.text(), "a d");
        input.move_by(isize::MIN);
        input.backspace();
        input.move_by(isize::MAX);
        input.delete();
        assert_eq!(input.text(), "a d");
    }
}
