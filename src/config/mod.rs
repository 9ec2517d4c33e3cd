//! Files become values.
pub mod rules;

use std::path::PathBuf;

use crate::model::{Config, Diagnostic, Sources};

/// What was read and what it means.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What the files declare; to be used only where no diagnostic is an error.
    pub config: Config,
    /// The texts, for messages.
    pub sources: Sources,
    /// Every complaint, by file and place, waived ones left out.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads files and folders, checks them against the schema and the rules.
///
/// No path: `trunkform.yaml` in the current folder, else the current folder. `today` decides which waivers are still good.
pub fn load(paths: &[PathBuf], today: jiff::civil::Date) -> Checked {
    let _ = (paths, today);
    todo!()
}

/// The published JSON Schema of the configuration file (draft-07, standard keywords only); with `editor` also what the YAML language server knows.
pub fn schema(editor: bool) -> serde_json::Value {
    let _ = editor;
    todo!()
}
