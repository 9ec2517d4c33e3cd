//! The nouns of Trunkform; read these first.
//! Values only: what every stage takes and gives. No I/O, no clock, no environment,
//! and no import of any other module of the crate.

pub mod address;
pub mod change;
pub mod config;
pub mod declared_secret;
pub mod diagnostic;
pub mod drift;
pub mod holding;
pub mod kind;
pub mod limits;
pub mod normalise;
pub mod notes;
pub mod number_moves;
pub mod plan;
pub mod report;
pub mod resource;
pub mod secret_names;
pub mod secret_value;
pub mod since;
pub mod source;
pub mod state;
pub mod step;
pub mod text;
pub mod value;
pub mod variables;

pub use address::{Account, Address, KindName, Pattern};
pub use change::{Action, AttributeChange, Change, RENAMING_MARK, REPLACEMENT_MARK};
pub use config::{AccountConfig, Config, Unlisted, UnlistedNumbers};
pub use diagnostic::{Code, Diagnostic, Label, Severity};
pub use drift::{Drift, Noise};
pub use holding::Holding;
pub use kind::{Attribute, Compare, Immutable, Kind, Kinds};
pub use limits::Limits;
pub use notes::{Notes, Wait};
pub use plan::{
    Budget, Impact, Observed, Plan, PlannedAccount, PlannedChange, PlannedResource, Refusal, Summary,
};
pub use report::{Outcome, Report, StepReport};
pub use resource::{Id, Origin, Resource, Settings};
pub use secret_names::SecretNames;
pub use secret_value::secret_value;
pub use since::{Cause, Removed};
pub use source::{SourceFile, Sources, Span};
pub use state::{Agent, Ids, Reading, State, World};
pub use step::{Draft, Drafted, Expect, Gap, Lookup, Request, Step};
pub use text::visible;
pub use value::{Attributes, Entry, SecretSource, Value};
