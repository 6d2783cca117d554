//! The loop: sleep, take in what happened, draw if anything changed.

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind, MouseEventKind};

use super::command::Command;
use super::executor::Executor;
use super::settings::{self, Settings};
use super::snapshot::Snapshot;
use super::source::{Source, ViewRequest};
use super::state::{Message, UiState};
use super::terminal::Screen;
use super::theme::Theme;
use super::wake::{Alarm, Waker, wait_for_input};
use super::{Input, Options, keys, update, view};
use crate::catalog::Catalog;

/// The least time between two drawings of what changes by itself.
const FRAME: Duration = Duration::from_millis(100);

/// The least time between two drawings of what a key did.
const ANSWER: Duration = Duration::from_millis(33);

/// How long a drawing waits for the trials that a key asked for, so that they come in one piece with the cursor.
const HOLD: Duration = Duration::from_millis(60);

/// How long the end waits for commands that are under way.
const PATIENCE: Duration = Duration::from_secs(12);

/// The dashboard with all that it is connected to.
struct App {
    screen: Screen,
    alarm: Alarm,
    inputs: Receiver<Input>,
    source: Source,
    executor: Executor,
    theme: Theme,
    ui: UiState,
    snapshot: Snapshot,
    request: ViewRequest,
    /// Is the end of the work to be rung?
    bell: bool,
    /// Is there something to draw?
    dirty: bool,
    /// Is it what a key did?
    pressed: bool,
    /// When other trials of the list were requested that have not arrived yet.
    awaited: Option<Instant>,
    drawn: Instant,
}

/// Opens the dashboard and stays until it is quit, told to end, or its terminal is gone.
///
/// # Errors
/// There is no terminal, or the catalog cannot be read.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let catalog = Catalog::open_read(options.catalog.as_deref())?;
    let settings = settings::path().map_or_else(|| Ok(Settings::default()), |path| settings::read(&path));
    let settings = settings.map_err(anyhow::Error::msg)?;
    let theme = Theme::new(options.ascii || settings.ascii, settings.background, |name| std::env::var(name).ok());
    if let Some(sections) = settings.keys {
        keys::changes::put_into_force(sections);
    }
    let screen = Screen::take(options.mouse)?;
    let mut app = App::new(screen, catalog, theme, options.bell)?;
    let ended = app.work();
    let App { screen, executor, .. } = app;
    let problem = executor.finish(PATIENCE);
    drop(screen);
    match ended {
        Ok(()) => {}
        // With the terminal gone there is nobody to tell, and the work goes on.
        Err(error) if is_hang_up(&error) => return Ok(ExitCode::SUCCESS),
        Err(error) => return Err(error.into()),
    }
    match problem {
        Some(problem) => Err(anyhow::anyhow!(problem.text)),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn is_hang_up(error: &io::Error) -> bool {
    let gone = [rustix::io::Errno::IO, rustix::io::Errno::NXIO, rustix::io::Errno::BADF, rustix::io::Errno::PIPE];
    error.raw_os_error().is_some_and(|code| gone.iter().any(|errno| errno.raw_os_error() == code))
}

impl App {
    fn new(screen: Screen, catalog: Catalog, theme: Theme, bell: bool) -> anyhow::Result<Self> {
        let alarm = Alarm::new()?;
        let (columns, rows) = screen.size()?;
        let ui = UiState::new(columns, rows);
        let request = ViewRequest { query: ui.query(), ..ViewRequest::default() };
        let source = Source::start(catalog.clone(), request.clone(), alarm.waker())?;
        let executor = Executor::start(catalog, source.nudge(), alarm.waker())?;
        let inputs = read_inputs(alarm.waker())?;
        let now = Instant::now();
        Ok(Self {
            screen,
            alarm,
            inputs,
            source,
            executor,
            theme,
            ui,
            snapshot: Snapshot::default(),
            request,
            bell,
            dirty: true,
            pressed: false,
            awaited: None,
            drawn: now.checked_sub(FRAME).unwrap_or(now),
        })
    }

    fn work(&mut self) -> io::Result<()> {
        let stdin = io::stdin();
        loop {
            self.request_view();
            self.draw_if_due()?;
            let alive = self.alarm.sleep(std::os::fd::AsFd::as_fd(&stdin), self.pause())?;
            if !alive || self.alarm.is_over() {
                return Ok(());
            }
            self.take_signals()?;
            self.take_news()?;
            while let Ok(input) = self.inputs.try_recv() {
                if self.take(input)? {
                    return Ok(());
                }
            }
        }
    }

    /// Asks for what the screen shows now, if that is something else than before.
    fn request_view(&mut self) {
        let step = self.ui.opened(&self.snapshot).and_then(|detail| self.ui.trial.step(detail));
        let request = ViewRequest {
            query: self.ui.query(),
            open: self.ui.trial.id.clone(),
            step,
            compare: self.ui.compared(),
            launch: self.ui.launch_request(),
            report: self.ui.report_request(),
            presets: self.ui.lists_presets(&self.snapshot),
        };
        if request.query != self.request.query && self.snapshot.loaded {
            self.awaited = Some(Instant::now());
        }
        if request != self.request {
            self.source.request(request.clone());
            self.request = request;
        }
    }

    /// How long it is until something is drawn; `None` if there is nothing to draw.
    fn pause(&self) -> Option<Duration> {
        let least = if self.pressed { ANSWER } else { FRAME };
        let hold = self.awaited.map_or(Duration::ZERO, |since| HOLD.saturating_sub(since.elapsed()));
        self.dirty.then(|| least.saturating_sub(self.drawn.elapsed()).max(hold))
    }

    fn draw_if_due(&mut self) -> io::Result<()> {
        if self.pause() == Some(Duration::ZERO) {
            let (snapshot, ui, theme) = (&self.snapshot, &self.ui, self.theme);
            self.screen.draw(|frame| view::draw(frame, snapshot, ui, theme))?;
            self.drawn = Instant::now();
            (self.dirty, self.pressed) = (false, false);
        }
        Ok(())
    }

    /// To the background, and back.
    fn suspend(&mut self) -> io::Result<()> {
        self.screen.suspend()?;
        let _ = (self.alarm.was_stopped(), self.alarm.was_resumed());
        let (columns, rows) = self.screen.size()?;
        self.pass(Input::Resize(columns, rows));
        Ok(())
    }

    fn take_signals(&mut self) -> io::Result<()> {
        if self.alarm.was_stopped() {
            self.suspend()?;
        }
        if self.alarm.was_resumed() {
            self.screen.resume()?;
            self.dirty = true;
        }
        if self.alarm.was_resized() {
            let (columns, rows) = self.screen.size()?;
            self.take(Input::Resize(columns, rows))?;
        }
        Ok(())
    }

    fn take_news(&mut self) -> io::Result<()> {
        if let Some(snapshot) = self.source.latest() {
            let worked = self.snapshot.is_working();
            self.snapshot = snapshot;
            if self.snapshot.page.query == self.request.query {
                self.pressed |= self.awaited.take().is_some();
            }
            if self.bell && worked && !self.snapshot.is_working() {
                self.screen.ring("sculpt: the work has ended")?;
            }
            self.pass(Input::News);
        }
        let messages: Vec<Option<Message>> = self.executor.told().collect();
        for message in messages {
            self.pass(Input::Tell(message));
        }
        Ok(())
    }

    /// Takes in one input and carries out what it asks for. Is it the end?
    fn take(&mut self, input: Input) -> io::Result<bool> {
        for command in self.pass(input) {
            match command {
                Command::Quit => return Ok(true),
                Command::Redraw => self.screen.clear()?,
                Command::Copy(text) => self.screen.copy(&text)?,
                Command::Suspend => self.suspend()?,
                command => self.executor.give(command),
            }
        }
        Ok(false)
    }

    fn pass(&mut self, input: Input) -> Vec<Command> {
        self.dirty = true;
        self.pressed |= matches!(input, Input::Key(_) | Input::Paste(_) | Input::Resize(..));
        update(&mut self.ui, &self.snapshot, input)
    }
}

/// Reads the terminal in a thread of its own: crossterm reads on and on from a terminal that is gone, so whoever
/// watches for that must be another thread.
fn read_inputs(waker: Waker) -> io::Result<Receiver<Input>> {
    let (send, inputs) = mpsc::channel();
    thread::Builder::new().name("keys".to_owned()).spawn(move || {
        // An error means that the terminal is gone, which the loop sees for itself.
        let _ = pass_on(&send, &waker);
    })?;
    Ok(inputs)
}

fn pass_on(send: &Sender<Input>, waker: &Waker) -> io::Result<()> {
    let stdin = io::stdin();
    while wait_for_input(std::os::fd::AsFd::as_fd(&stdin))? {
        while event::poll(Duration::ZERO)? {
            let input = match event::read()? {
                Event::Key(key) if key.kind == KeyEventKind::Press => Input::Key(key),
                Event::Paste(text) => Input::Paste(text),
                Event::Mouse(mouse) => match mouse.kind {
                    MouseEventKind::ScrollUp => Input::Key(KeyCode::Up.into()),
                    MouseEventKind::ScrollDown => Input::Key(KeyCode::Down.into()),
                    _ => continue,
                },
                _ => continue,
            };
            if send.send(input).is_err() {
                return Ok(());
            }
            waker.wake();
        }
    }
    Ok(())
}
