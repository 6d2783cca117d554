//! The main loop: sleep, handle what happened, draw if anything changed.

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

/// The shortest time between two frames when no key was pressed.
const FRAME: Duration = Duration::from_millis(100);

/// The shortest time between two frames after a key was pressed.
const ANSWER: Duration = Duration::from_millis(33);

/// How long a frame waits for the trials that a key requested, so that they appear together with the cursor.
const HOLD: Duration = Duration::from_millis(60);

/// How long quitting waits for commands that are being executed.
const PATIENCE: Duration = Duration::from_secs(12);

/// The dashboard and everything it is connected to.
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
    /// Ring when all runs have finished?
    bell: bool,
    /// Has anything changed since the last frame?
    dirty: bool,
    /// Was a key pressed since the last frame?
    pressed: bool,
    /// When other trials of the list were requested that have not arrived yet.
    awaited: Option<Instant>,
    drawn: Instant,
}

/// Opens the dashboard and runs it until the user quits, a signal ends it, or its terminal is gone.
///
/// # Errors
/// There is no terminal, or the catalog cannot be read.
pub fn run(options: &Options) -> anyhow::Result<ExitCode> {
    let catalog = Catalog::open_read(options.catalog.as_deref())?;
    let settings = settings::path().map_or_else(|| Ok(Settings::default()), |path| settings::read(&path));
    let settings = settings.map_err(anyhow::Error::msg)?;
    let theme = Theme::new(options.ascii || settings.ascii, settings.background, |name| std::env::var(name).ok());
    if let Some(sections) = settings.keys {
        keys::changes::use_table(sections);
    }
    let screen = Screen::take(options.mouse)?;
    let mut app = App::new(screen, catalog, theme, options.bell)?;
    let ended = app.work();
    let App { screen, executor, .. } = app;
    let problem = executor.finish(PATIENCE);
    drop(screen);
    match ended {
        Ok(()) => {}
        // Without a terminal nobody reads an error, and the runs continue.
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
        let ui = UiState { pixels: theme.pixels(), ..UiState::new(columns, rows) };
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
            if !alive || self.alarm.is_ended() {
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

    /// Requests what the screen shows now, if that has changed.
    fn request_view(&mut self) {
        let step = self.ui.opened(&self.snapshot).and_then(|trial| self.ui.trial.step(trial));
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

    /// The time until the next frame; `None` if there is nothing to draw.
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

    /// Suspends the process until it is continued.
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
                self.screen.ring("sculpt: all runs finished")?;
            }
            self.pass(Input::News);
        }
        let messages: Vec<Option<Message>> = self.executor.messages().collect();
        for message in messages {
            self.pass(Input::Message(message));
        }
        Ok(())
    }

    /// Handles one input and executes its commands; returns whether the dashboard should quit.
    fn take(&mut self, input: Input) -> io::Result<bool> {
        for command in self.pass(input) {
            match command {
                Command::Quit => return Ok(true),
                Command::Redraw => self.screen.clear()?,
                Command::Copy(text) => self.screen.copy(&text)?,
                Command::Suspend => self.suspend()?,
                command => self.executor.execute(command),
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

/// Reads keys in a thread of its own: crossterm keeps reading from a terminal that is gone, so another thread has to
/// notice that.
fn read_inputs(waker: Waker) -> io::Result<Receiver<Input>> {
    let (send, inputs) = mpsc::channel();
    thread::Builder::new().name("keys".to_owned()).spawn(move || {
        // An error means that the terminal is gone, which the main loop notices itself.
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
