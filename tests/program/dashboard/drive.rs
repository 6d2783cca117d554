//! A dashboard driven by the names of keys, and its screens as text.

use neural_sculpting::tui::command::Command;
use neural_sculpting::tui::keys::names;
use neural_sculpting::tui::snapshot::Snapshot;
use neural_sculpting::tui::state::UiState;
use neural_sculpting::tui::theme::Theme;
use neural_sculpting::tui::{Input, update, view};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// A dashboard without a terminal.
pub struct Dashboard {
    pub ui: UiState,
    pub snapshot: Snapshot,
    /// All commands so far.
    pub commands: Vec<Command>,
}

impl Dashboard {
    pub fn new(snapshot: Snapshot, columns: u16, rows: u16) -> Self {
        let mut dashboard = Self { ui: UiState::new(columns, rows), snapshot, commands: Vec::new() };
        dashboard.take(Input::News);
        dashboard
    }

    pub fn take(&mut self, input: Input) {
        self.commands.extend(update(&mut self.ui, &self.snapshot, input));
    }

    /// Presses keys, by name, separated by spaces.
    pub fn press(mut self, keys: &str) -> Self {
        for key in keys.split_whitespace() {
            let key = names::parse(key).unwrap_or_else(|| panic!("{key} is not a key"));
            self.take(Input::Key(key));
        }
        self
    }

    /// Types text.
    pub fn write(mut self, text: &str) -> Self {
        for character in text.chars() {
            let name = if character == ' ' { "space".to_owned() } else { character.to_string() };
            self.take(Input::Key(names::parse(&name).unwrap()));
        }
        self
    }

    pub fn buffer(&self, theme: Theme) -> Buffer {
        let (columns, rows) = self.ui.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view::draw(frame, &self.snapshot, &self.ui, theme)).unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text.
    pub fn screen(&self, theme: Theme) -> String {
        text(&self.buffer(theme))
    }
}

/// The characters of a screen.
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let line: String = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The styles of the parts of each line.
pub fn styles(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in 0..buffer.area.width {
            let style = named(&buffer[(x, y)]);
            match runs.last_mut() {
                Some((_, end, last)) if *last == style && *end == x => *end = x + 1,
                _ if style.is_empty() => {}
                _ => runs.push((x, x + 1, style)),
            }
        }
        if !runs.is_empty() {
            let runs: Vec<String> = runs.iter().map(|(from, to, style)| format!("{from}-{} {style}", to - 1)).collect();
            text.push_str(&format!("{y:2}: {}\n", runs.join(", ")));
        }
    }
    text
}

fn named(cell: &ratatui::buffer::Cell) -> String {
    let mut names = Vec::new();
    if cell.fg != ratatui::style::Color::Reset {
        names.push(cell.fg.to_string().to_lowercase());
    }
    for (name, _) in cell.modifier.iter_names() {
        names.push(name.to_lowercase());
    }
    names.join("+")
}
