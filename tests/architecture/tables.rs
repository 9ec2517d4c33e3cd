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
    ("folder", &[]),
    ("api", &["model"]),
    ("provider", &["api", "model"]),
    ("config", &["folder", "model", "provider"]),
    ("explain", &["model"]),
    ("layout", &["config"]),
    ("scope", &["model"]),
    ("since", &["model", "scope"]),
    ("diff", &["model"]),
    ("planner", &["diff", "model", "provider"]),
    ("render", &["explain", "model"]),
    ("apply", &["api", "folder", "model"]),
    ("lease", &["api"]),
    ("undo", &["diff", "model", "provider", "scope"]),
    ("export", &["config", "diff", "folder", "model", "provider", "scope"]),
    // Puts the stages together; `render` for reading a saved plan and for the subject of `why`, `layout` for what is appended to files.
    (
        "engine",
        &[
            "api", "apply", "config", "diff", "export", "folder", "layout", "model", "planner", "provider",
            "render", "scope", "since", "undo",
        ],
    ),
    ("cli", &["model"]),
    // Parses and prints: of the stages it knows only what they are shown by.
    (
        "command",
        &[
            "api", "apply", "cli", "config", "engine", "explain", "export", "folder", "layout", "lease",
            "model", "provider", "render", "sandbox",
        ],
    ),
    ("main", &["cli", "command"]),
];

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
    "cap_std",
    "fastrand",
    "object_store",
    "reqwest",
    "rustix",
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
pub const WRITERS_MADE_IN: &str = "src/engine/apply.rs";

/// The one file that starts a program, with an environment that it empties first.
pub const STARTS_PROGRAMS: &str = "src/config/git/program.rs";

/// Who may use the HTTP client's library.
pub const SPEAKS_HTTP: &[&str] = &["api"];

pub const MAX_FILE_LINES: usize = 300;
pub const MAX_FUNCTION_LINES: usize = 60;
pub const MAX_PARAMETERS: usize = 5;

/// The functions that `engine` puts together. Who of `CALLERS` calls one tests, or is, a sibling of the product.
pub const STAGES: &[&str] =
    &["planner::plan", "diff::diff", "scope::scope", "since::world", "apply::execute", "Sender::new"];
pub const CALLERS: &[&str] = &["benches/", "fuzz/", "src/command/", "tests/"];

/// Words of README.md and lib.rs that look like our paths and are not: what a run makes, and what is another's.
pub const NOT_OURS: &[&str] =
    &["target/", "trunkform-lease/", "actions/checkout", "github/codeql-action/", "refs/remotes/"];

/// Where a word in a command begins that is a path of ours.
pub const OUR_FOLDERS: &[&str] =
    &[".ci/", "benches/", "ci/", "docs/", "examples/", "fuzz/", "schema/", "src/", "tests/"];

/// Parents of today that take names from a child which takes what they define, each to be cut.
pub const KNOWN_PARENTS: &[&str] = &[
    "src/cli.rs",
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
