//! In which forms things are printed.
//! In: the words of `--format` and of `schema`. Out: one value for each; a form that is named here is built.
//! What a form looks like is `render`'s.

use clap::ValueEnum;

/// How drift is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Watching {
    /// Text for people; one line where nothing differs.
    Human,
    /// The plan as one JSON document.
    Json,
    /// JUnit XML, one test case a resource.
    Junit,
    /// Figures in the text format of Prometheus.
    Prometheus,
}

/// How something is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Human,
    /// One JSON document.
    Json,
}

/// How a plan is printed. What is added here is added to the table in `command/output.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// Text for people.
    Human,
    /// One JSON document.
    Json,
    /// A comment on a pull request, at most 60,000 characters.
    Markdown,
    /// One page for a browser that needs nothing else; at most 5 MB.
    Html,
    /// A unified diff of what is live against what is declared.
    Diff,
}

impl From<Format> for PlanFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Json => Self::Json,
        }
    }
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Findings {
    /// Text for people.
    Human,
    /// One JSON document.
    Json,
    /// Workflow commands, which GitHub shows beside the line.
    Github,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, one test case a rule.
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Drawing {
    /// A Mermaid flowchart.
    Mermaid,
    /// A Graphviz digraph.
    Dot,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Of {
    /// The configuration file.
    Config,
    /// The plan as JSON.
    Plan,
}
