//! The catalog: every trial ever run, as folders of small files.
//!
//! The files are the only source of truth; the [`Index`] merely speeds up access and can be deleted at any time. Files
//! are replaced as a whole (temporary file, fsync, rename), so a reader sees either the old or the new content, and an
//! interruption never leaves half a file. Nothing relies on file locks or change notifications: exclusive file creation
//! gives a trial one owner ([`OwnedTrial`]), a run proves that it is alive by its process and heartbeat ([`ActiveRun`]),
//! and a trial's [`State`] is derived from this evidence on every read. Reading a trial never writes to it:
//! [`TrialFolder`] is what anyone may read, [`OwnedTrial`] what only the owner may write.
//!
//! ```text
//! catalog.json                 the format version
//! experiments/<name>/*.json    experiments; each is the union of its files
//! runs/<id>/                   run.json, heartbeat, control/, ended.json
//! tasks/<hash>.csv             the user's tables
//! searches/<hash>.json         results of hyperparameter searches
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
mod marks;
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

pub use error::{Error, Result};
pub use experiment::Experiment;
pub use filter::{Direction, Filter, FilterError, Key, Sort};
pub use folder::{Part, TrialFolder};
pub use ids::{RunId, TrialId, check_name};
pub use index::{Index, Page, RefreshProgress, Refreshed, Scope, TrialGroup};
pub use labels::{Labels, TagChange};
pub use marks::{Mark, Marker};
pub use owner::{Claim, OwnedTrial, Owner};
pub use paths::{Catalog, StoredTable, cache_file, config_folder, write_cache};
pub use process::{Presence, Process};
pub use progress::{Point, Progress};
pub use requests::{Request, Selection};
pub use result::{Completion, Failure, Times, TrialResult, Verdict};
pub(crate) use row::RowReading;
pub use row::TrialRow;
pub use run::{ActiveRun, Ended, Heartbeat, LiveRuns, RunEnd, RunInfo, RunPlan, RunView};
pub use specification::{FORMAT, Specification};
pub use state::{Evidence, State};
pub use time::Utc;
pub use trash::TrashEntry;
pub use trial::{About, Trial};
