//! `init`: what a new repository needs.
//! In: a platform. Out: a first configuration file, the schema that editors check it with, and a workflow for CI; which of them were written.
//! Never overwrites anything, and asks no platform.

use std::io::{self, Write as _};
use std::path::Path;

use trunkform::config;
use trunkform::engine;
use trunkform::model::Account;
use trunkform::model::variables::token_variable;
use trunkform::provider::{self, Provider};

use super::exit::{Exit, Failure};
use super::output;
use crate::cli;

/// Plan as a comment on pull requests, apply of the approved plan; with places for what differs.
const WORKFLOW: &str = include_str!("init/workflow.yml");
/// The file that every command takes where none is named.
const FILE: &str = "trunkform.yaml";
const SCHEMA: &str = "trunkform.schema.json";

pub(super) fn run(args: &cli::Init) -> Result<Exit, Failure> {
    let provider = provider(args.provider.as_deref())?;
    let variable = token_variable(provider.name(), &Account::new(provider.name()));
    let files = [
        (FILE, format!("# yaml-language-server: $schema={SCHEMA}\n{}", provider.starter())),
        (SCHEMA, format!("{:#}\n", config::schema(false))),
        (".github/workflows/trunkform.yml", workflow(&variable, provider.starter())),
    ];
    let mut any = false;
    for (path, text) in files {
        Path::new(path).parent().map_or(Ok(()), engine::refuse_link).map_err(Failure)?;
        let written = write(Path::new(path), &text)
            .map_err(|why| Failure(format!("`{path}` can't be written: {why}")))?;
        any |= written;
        output::text(&format!("{} {path}\n", if written { "wrote" } else { "kept " }))?;
    }
    if !any {
        return Ok(Exit::Done);
    }
    output::note(&format!(
        "Next: edit {FILE}, then `trunkform validate`; `trunkform plan --sandbox` tries it without an account. A real one needs its API token in {variable}."
    ));
    Ok(Exit::Done)
}

fn provider(name: Option<&str>) -> Result<&'static dyn Provider, Failure> {
    name.map_or(Ok(provider::ALL[0]), platform)
}

/// The platform of a name that somebody wrote.
pub(super) fn platform(name: &str) -> Result<&'static dyn Provider, Failure> {
    provider::get(name).ok_or_else(|| {
        let names: Vec<_> = provider::ALL.iter().map(|provider| format!("`{}`", provider.name())).collect();
        Failure(format!("`{name}` is not a platform: write {}", names.join(" or ")))
    })
}

fn workflow(variable: &str, starter: &str) -> String {
    let named = starter.split("{env: ").skip(1).filter_map(|rest| rest.split_once('}'));
    let secrets = named.map(|(name, _)| format!("          {name}: ${{{{ secrets.{name} }}}}\n"));
    WORKFLOW
        .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
        .replace("@TOKEN@", variable)
        .replace("@SECRETS@", &secrets.collect::<String>())
}

/// Writes a file that is not there; false where there is something, a link that leads nowhere included.
fn write(path: &Path, text: &str) -> io::Result<bool> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(why) => Err(why),
    }
}
