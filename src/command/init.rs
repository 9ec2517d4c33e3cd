//! `init`: what a new repository needs.
//! In: a platform, a CI system and where its jobs get Trunkform from. Out: a first configuration file, the schema that editors check it with, and a workflow; which of them were written.
//! Never overwrites anything, and asks no platform. Names no source of Trunkform that nobody gave.

mod source;

use std::io::{self, Write as _};
use std::path::Path;

use trunkform::config;
use trunkform::engine;
use trunkform::model::Account;
use trunkform::model::variables::token_variable;
use trunkform::provider::{self, Provider};

use self::source::Source;
use super::exit::{Exit, Failure};
use super::output;
use crate::cli::{self, Ci};

/// Plan as a comment on pull requests, apply of the approved plan; with places for what differs.
const GITHUB: &str = include_str!("init/github.yml");
/// The steps with which a job of GitHub gets the binary that the job `build` made.
const BINARY: &str = include_str!("init/binary.yml");
/// The same pipeline for GitLab; without a source it is `ci/gitlab-ci.yml`.
const GITLAB: &str = include_str!("init/gitlab.yml");
/// The file that every command takes where none is named.
const FILE: &str = "trunkform.yaml";
const SCHEMA: &str = "trunkform.schema.json";

pub(super) fn run(args: &cli::Init) -> Result<Exit, Failure> {
    let provider = provider(args.provider.as_deref())?;
    let source = args.install.as_deref().map(Source::parse).transpose().map_err(Failure)?;
    let variable = token_variable(provider.name(), &Account::new(provider.name()));
    let workflow = match args.ci {
        Ci::Github => {
            Some((".github/workflows/trunkform.yml", github(&variable, provider.starter(), source.as_ref())))
        }
        Ci::Gitlab => Some((".gitlab-ci.yml", gitlab(&variable, source.as_ref()))),
        Ci::None if source.is_some() => {
            return Err(Failure("`--install` is for the workflow, and `--ci none` writes none".into()));
        }
        Ci::None => None,
    };
    let first = [
        (FILE, format!("# yaml-language-server: $schema={SCHEMA}\n{}", provider.starter())),
        (SCHEMA, format!("{:#}\n", config::schema(false))),
    ];
    let mut any = false;
    for (path, text) in &first {
        any |= put(path, text)?;
    }
    if let Some((path, text)) = &workflow {
        let written = put(path, text)?;
        any |= written;
        about_the_workflow(path, written, source.is_some());
    }
    if any {
        output::note(&format!(
            "Next: edit {FILE}, then `trunkform validate`; `trunkform plan --sandbox` tries it without an account. A real one needs its API token in {variable}."
        ));
    }
    Ok(Exit::Done)
}

/// Writes a file and tells which became of it; false where there was one.
fn put(path: &str, text: &str) -> Result<bool, Failure> {
    Path::new(path).parent().map_or(Ok(()), engine::refuse_link).map_err(Failure)?;
    let written =
        write(Path::new(path), text).map_err(|why| Failure(format!("`{path}` can't be written: {why}")))?;
    output::text(&format!("{} {path}\n", if written { "wrote" } else { "kept " }))?;
    Ok(written)
}

/// What a user must still do before the jobs have a Trunkform to run.
fn about_the_workflow(path: &str, written: bool, has_source: bool) {
    match (written, has_source) {
        (true, false) => output::warning(&format!(
            "{path} names no source of Trunkform, and its job `build` fails until it does: delete the file and run `trunkform init --install SOURCE`, or edit that job"
        )),
        (false, true) => output::warning(&format!(
            "{path} exists and `--install` has no effect on it: delete the file and run `init` again, or edit its job `build`"
        )),
        _ => {}
    }
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

fn github(variable: &str, starter: &str, source: Option<&Source>) -> String {
    let named = starter.split("{env: ").skip(1).filter_map(|rest| rest.split_once('}'));
    let secrets = named.map(|(name, _)| format!("          {name}: ${{{{ secrets.{name} }}}}\n"));
    GITHUB
        .replace("@INSTALL@", &install(source, 10))
        .replace("@BINARY@\n", &format!("{BINARY}\n"))
        .replace("@TOKEN@", variable)
        .replace("@SECRETS@", &secrets.collect::<String>())
}

fn gitlab(variable: &str, source: Option<&Source>) -> String {
    let needs = match source {
        Some(Source::Git { .. }) => "cargo and a C compiler",
        Some(Source::Archive { .. }) => "curl, tar and sha256sum",
        Some(Source::Image(_)) => "docker, and a daemon that it may speak to,",
        None => "the programs of your install",
    };
    GITLAB.replace("@INSTALL@", &install(source, 6)).replace("@NEEDS@", needs).replace("@TOKEN@", variable)
}

/// The commands that install Trunkform, so many blanks to the right.
fn install(source: Option<&Source>, indent: usize) -> String {
    let commands = source.map_or_else(|| source::NO_SOURCE.to_owned(), Source::commands);
    let lines: Vec<_> = commands.lines().map(|line| format!("{:indent$}{line}", "")).collect();
    lines.join("\n")
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
