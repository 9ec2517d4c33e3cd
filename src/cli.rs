//! The command line. The comments on these types are the help.
//! In: arguments. Out: what was asked for; nothing is done here.
//! What is not built yet is not named: a flag that is accepted works.

mod environment;
mod export;
mod format;
mod init;
mod layout;
mod sandbox;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use trunkform::model::Noise;

use environment::ENVIRONMENT;

pub(crate) use export::Export;
pub(crate) use format::{Drawing, Findings, Format, Of, PlanFormat, Watching};
pub(crate) use init::{Ci, Init};
pub(crate) use layout::Fmt;
pub(crate) use sandbox::Sandbox;

/// Keeps SIP trunks and phone numbers at voice-AI platforms in the state that a reviewed YAML file describes.
///
/// `validate` checks the file, `plan` shows what would be sent, `apply` sends exactly that. There is no state file: the file says what
/// should be, the platform's API says what is.
///
/// Exit codes: 0 done or in sync · 1 error, nothing was sent · 2 changes or drift · 3 refused, nothing was sent · 4 incomplete · 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "trunkform", version, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Validate(Validate),
    Plan(Plan),
    Show(Show),
    Why(Why),
    Apply(Apply),
    Undo(Undo),
    Drift(Drift),
    Export(Export),
    Fmt(Fmt),
    Graph(Graph),
    Schema(Schema),
    Explain(Explain),
    Init(Init),
    Sandbox(Sandbox),
    Completions(Completions),
    /// Print the manual page.
    Man,
}

#[derive(Debug, Args)]
pub(crate) struct Files {
    /// Configuration files, or folders with `*.yaml` and `*.yml`; default: `trunkform.yaml` here, else this folder.
    #[arg(value_name = "PATHS")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Live {
    /// Run against a sandbox inside this process, no token needed; its state is kept in FILE.
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = ".trunkform/sandbox.json")]
    pub(crate) sandbox: Option<PathBuf>,
}

/// Check files against the schema and the rules, offline and without a token.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) files: Files,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Findings::Human)]
    pub(crate) format: Findings,
    /// Take warnings for errors.
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Show what apply would send, in order; writes nothing to any platform.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Save the plan, for `show` and `apply --plan`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Say of each difference whether the files or live changed since this Git revision, and remove what the files declared then and no longer do.
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// How to print the plan.
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    pub(crate) format: PlanFormat,
    /// Exit with 2 where there are changes.
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Plan only what this address or pattern names, and what that needs; may repeat.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Vec<String>,
    /// Send the secrets of this address or pattern again although nothing differs; may repeat.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) rotate: Vec<String>,
    /// Allow so many removals, whatever the limits of the files say.
    #[arg(long, value_name = "N")]
    pub(crate) allow_removals: Option<usize>,
}

/// Print a saved plan.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The file that `plan --out` wrote.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// How to print the plan.
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    pub(crate) format: PlanFormat,
}

/// Explain why a plan touches a resource, or why it leaves it alone: the line of the file, what is live, the rule, the order.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Why {
    /// Which resource, as plans name it; the account may be left out where that is clear.
    #[arg(value_name = "ADDRESS")]
    pub(crate) address: String,
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Explain this saved plan.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["paths", "sandbox"])]
    pub(crate) plan: Option<PathBuf>,
}

/// Plan, ask, and send what was planned; or send a saved plan after a look at what it touches.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Apply {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Apply exactly this saved plan; does not ask.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) plan: Option<PathBuf>,
    /// Where something that the saved plan touches has changed since, go on with what has nothing to do with it; ends with 4.
    #[arg(long, requires = "plan")]
    pub(crate) partial: bool,
    /// As for `plan`.
    #[arg(long, value_name = "REV", conflicts_with = "plan")]
    pub(crate) since: Option<String>,
    #[command(flatten)]
    pub(crate) lease: Lease,
    /// Do not ask.
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// Allow so many removals, whatever the limits of the files say.
    #[arg(long, value_name = "N")]
    pub(crate) allow_removals: Option<usize>,
    /// At most so many requests at the same time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = parallelism)]
    pub(crate) parallelism: usize,
    /// Write down every request before it is sent, and how it ended, as lines of JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// How to print what was done.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Lease {
    /// Hold a lease in this folder or bucket during the run, so that no two runs interleave: a path, or file://, s3://, gs:// or az://.
    ///
    /// Where somebody else holds it, nothing is sent (exit 3). It lasts 5 minutes, is renewed while the run lasts, and given back at its end. How a
    /// bucket is reached, and with which credentials, is read from the environment alone, such as AWS_ACCESS_KEY_ID or GOOGLE_APPLICATION_CREDENTIALS.
    #[arg(long, value_name = "URL")]
    pub(crate) lock: Option<String>,
    /// Take the lease from whoever holds it; make sure first that their run is at its end.
    #[arg(long, requires = "lock")]
    pub(crate) break_lock: bool,
}

/// Plan the way back from a run, as its journal tells; writes nothing to any platform.
///
/// The plan leads from what is live now to what was live before the last run in the journal, as far as that run changed it; what can't
/// come back is listed. It is a plan like any other: save it with `--out`, send it with `apply --plan`.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Undo {
    /// The file that `apply --journal` wrote.
    #[arg(value_name = "JOURNAL")]
    pub(crate) journal: PathBuf,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Save the plan, for `show` and `apply --plan`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to print the plan.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Allow so many removals, whatever the limits of the run were.
    #[arg(long, value_name = "N")]
    pub(crate) allow_removals: Option<usize>,
}

/// Say whether live still is as declared; has no means to write. Exits with 2 where it is not.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Drift {
    #[command(flatten)]
    pub(crate) files: Files,
    #[command(flatten)]
    pub(crate) live: Live,
    /// Read the files as they are at this Git revision, not as they are on disk.
    #[arg(long, value_name = "REV")]
    pub(crate) at: Option<String>,
    /// Count live things that the files do not list as drift.
    #[arg(long)]
    pub(crate) unlisted: bool,
    /// Known noise: what this address or pattern names does not count, until the end of a day if one is given; may repeat.
    #[arg(long, value_name = "PATTERN[:YYYY-MM-DD]")]
    pub(crate) ignore: Vec<Noise>,
    /// How to print what differs.
    #[arg(long, value_enum, default_value_t = Watching::Human)]
    pub(crate) format: Watching,
}

/// Draw the steps of a plan and what waits on what.
#[derive(Debug, Args)]
#[command(after_help = ENVIRONMENT)]
pub(crate) struct Graph {
    #[command(flatten)]
    pub(crate) files: Files,
    /// Draw this saved plan.
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) plan: Option<PathBuf>,
    /// In which language.
    #[arg(long, value_enum, default_value_t = Drawing::Mermaid)]
    pub(crate) format: Drawing,
}

/// Print the JSON Schema of the configuration file or of the plan.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Of what.
    #[arg(value_enum, default_value_t = Of::Config)]
    pub(crate) of: Of,
    /// Add what the YAML language server knows beyond the standard; of the configuration only.
    #[arg(long)]
    pub(crate) editor: bool,
}

/// Explain a diagnostic code, with a wrong and a right example; without a code, list all.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// As printed beside a diagnostic, such as TRK009.
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
}

/// Print the completions for a shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

fn parallelism(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| (1..=256).contains(n)).ok_or_else(|| "write a number from 1 to 256".into())
}
