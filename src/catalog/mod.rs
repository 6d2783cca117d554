//! The catalog: every trial ever run, as folders of small files (design 6).
//!
//! Files are the truth; the [`Index`] only makes them fast and can be deleted at any time. Files are replaced whole
//! (temporary file, fsync, rename), so a reader sees the old one or the new one and an interruption tears none. Nothing
//! depends on file locks or on being told of changes: a trial has one owner by exclusive creation ([`OwnedTrial`]), a
//! run shows that it lives by its process and its heartbeat ([`ActiveRun`]), and a trial's [`State`] is derived from
//! such evidence when it is read. Whoever only looks never writes into a trial: what an owner alone may write is on
//! [`OwnedTrial`], what anyone may read is on [`TrialFolder`].
//!
//! ```text
//! catalog.json                 the version of the format
//! experiments/<name>/*.json    what was asked; an experiment is the union of its files
//! runs/<id>/                   run.json, heartbeat, control/, ended.json
//! tasks/<hash>.csv             tables of the user
//! searches/<hash>.json         what was searched for before trials could be planned
//! trials/ab/<id>/              trial.json, owner.<n>, walks.json, state, progress, result.json, ..
//! trash/<time>-<id>/           deleted trials
//! ```

mod atomic;
mod error;
mod experiment;
mod filter;
mod folder;
mod ids;
mod index;
mod json;
mod labels;
mod owner;
mod paths;
mod process;
mod progress;
mod requests;
mod result;
mod row;
mod run;
mod searches;
mod specification;
mod state;
mod time;
mod trash;
mod trial;

pub use error::Error;
pub use experiment::Experiment;
pub use filter::{Direction, Filter, FilterError, Key, Sort};
pub use folder::{Part, TrialFolder};
pub use ids::{RunId, TrialId, check_name};
pub use index::{Index, Page, RefreshProgress, Refreshed, Scope, TrialGroup};
pub use labels::{Labels, TagChange};
pub use owner::{Claim, OwnedTrial, Owner};
pub use paths::{Catalog, cache_file, config_folder, write_cache};
pub use process::{Presence, Process};
pub use progress::{Point, Progress};
pub use requests::{Request, Selection};
pub use result::{Completion, Failure, Times, TrialResult, Verdict};
pub use row::TrialRow;
pub use run::{ActiveRun, Ended, Heartbeat, LiveRuns, RunEnd, RunInfo, RunPlan, RunView};
pub use specification::{FORMAT, Specification};
pub use state::{Evidence, Mark, Marker, State};
pub use time::Utc;
pub use trash::TrashEntry;
pub use trial::{About, Trial};

/// What catalog operations return.
pub type Result<T, E = Error> = std::result::Result<T, E>;
