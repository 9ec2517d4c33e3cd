//! The rules of the house that a maintainer edits.
//! In: nothing. Out: who may import whom, which stages are pure, how long a file and a function may get, and today's exceptions.
//! Never an exception without a list here, and no list that outlives what it excuses.

/// Each module once, with the modules that it may import. Each name in a row has to be needed by that module.
pub type Row = (&'static str, &'static [&'static str]);

/// Who may import whom: what is further down may know what is further up.
pub const MAY_IMPORT: &[Row] = &[
    ("lib", &[]),
    ("model", &[]),
    ("sandbox", &[]),
    ("api", &["model"]),
    ("provider", &["api", "model"]),
    ("config", &["model", "provider"]),
    ("explain", &["model"]),
    ("layout", &["config"]),
    ("observe", &["api", "model", "provider"]),
    ("scope", &["model"]),
    ("since", &["model", "scope"]),
    ("diff", &["model"]),
    ("planner", &["diff", "model", "provider"]),
    ("render", &["explain", "model"]),
    ("apply", &["api", "model"]),
    ("lease", &["api"]),
    ("undo", &["diff", "model", "provider", "scope"]),
    ("export", &["config", "diff", "model", "provider", "scope"]),
    // Puts the stages together; `render` for reading a saved plan and nothing else.
    (
        "engine",
        &[
            "api", "apply", "config", "diff", "export", "model", "observe", "planner", "provider", "render",
            "scope", "since", "undo",
        ],
    ),
    ("cli", &["model"]),
    // With `engine` the stages go from this row: diff, observe, planner, scope, since.
    (
        "command",
        &[
            "api", "apply", "cli", "config", "diff", "engine", "explain", "export", "layout", "lease",
            "model", "observe", "planner", "provider", "render", "sandbox", "scope", "since", "undo",
        ],
    ),
    ("main", &["cli", "command"]),
];

/// Modules of the table that are still to be built. Once one is built it has to leave this list, and its row has to be exact.
pub const NOT_YET_BUILT: &[&str] = &["engine"];

/// Stages that do no I/O, read no clock and no environment.
pub const PURE: &[&str] =
    &["diff", "export", "layout", "model", "planner", "render", "scope", "since", "undo"];

/// What a pure stage must not mention.
pub const OUTSIDE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::process",
    "TcpListener",
    "TcpStream",
    "UdpSocket",
    "fastrand",
    "object_store",
    "reqwest",
    "tokio",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
];

/// The platforms, and the modules that may name them.
pub const PLATFORMS: &[&str] = &["bolna", "kalem", "talkover"];
pub const NAMES_PLATFORMS: &[&str] = &["explain", "provider", "sandbox"];

/// The one file that makes a `Writer`, without which nothing is written to a platform.
pub const WRITERS_MADE_IN: &str = "src/command/apply/mod.rs";

/// Who may use the HTTP client's library.
pub const SPEAKS_HTTP: &[&str] = &["api"];

pub const MAX_FILE_LINES: usize = 300;
pub const MAX_FUNCTION_LINES: usize = 60;
pub const MAX_PARAMETERS: usize = 5;

/// The functions that `engine` puts together. Who of `CALLERS` calls one tests, or is, a sibling of the product.
pub const STAGES: &[&str] = &[
    "planner::plan",
    "plan_with",
    "diff::diff",
    "scope::scope",
    "observe::observe",
    "apply::execute",
    "Sender::new",
];
pub const CALLERS: &[&str] = &["benches/", "fuzz/", "src/command/", "tests/"];

/// The callers that still do, each to be moved to `engine`.
pub const STILL_BY_HAND: &[&str] = &[
    "fuzz/src/files.rs",
    "fuzz/src/journals.rs",
    "src/command/apply/mod.rs",
    "src/command/export/merge.rs",
    "src/command/pipeline.rs",
    "src/command/wanted.rs",
    "tests/export/account.rs",
    "tests/faults/client.rs",
    "tests/laws/differing.rs",
    "tests/laws/fake.rs",
    "tests/laws/moving.rs",
    "tests/laws/noticing.rs",
    "tests/laws/planning.rs",
    "tests/laws/properties.rs",
    "tests/laws/refusing.rs",
    "tests/laws/scoping.rs",
    "tests/plan_schema.rs",
    "tests/properties/laws.rs",
    "tests/support/estate.rs",
];

/// Words of README.md and lib.rs that look like our paths and are not: what a run makes, and what is another's.
pub const NOT_OURS: &[&str] = &["target/", "trunkform-lease/", "actions/checkout", "github/codeql-action/"];

/// Where a word in a command begins that is a path of ours.
pub const OUR_FOLDERS: &[&str] =
    &[".ci/", "benches/", "ci/", "docs/", "examples/", "fuzz/", "schema/", "src/", "tests/"];

/// Circles of today, each to be cut.
pub const KNOWN_CIRCLES: &[&[&str]] =
    &[&["src/command/pipeline.rs", "src/command/said.rs"], &["src/model/config.rs", "src/model/state.rs"]];

/// Parents of today that take names from a child which takes what they define, each to be cut.
pub const KNOWN_PARENTS: &[&str] = &[
    "src/cli.rs",
    "src/command/export/mod.rs",
    "src/config/mod.rs",
    "src/export/mod.rs",
    "src/planner/across/mod.rs",
    "src/planner/mod.rs",
    "src/provider/bolna/mod.rs",
    "src/provider/kalem/mod.rs",
    "src/provider/mod.rs",
    "src/provider/talkover/mod.rs",
    "src/render/document/check/mod.rs",
    "src/render/view/mod.rs",
    "src/render/why.rs",
    "src/sandbox/bolna/mod.rs",
    "src/sandbox/kalem/mod.rs",
    "src/sandbox/talkover/mod.rs",
    "src/undo/mod.rs",
];
