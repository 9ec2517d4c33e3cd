//! Runs the user's `git`, the one program that Trunkform starts.
//! In: the variable PATH, a repository, arguments. Out: what Git writes, or the first line of its complaint.
//! Never passes a variable on, fetches anything, or runs a program that a repository's settings name.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where programs are, if no PATH says so.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The whole environment of Git beside PATH. What would fetch an object has no protocol left that it may use, whatever the repository allows.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_ALLOW_PROTOCOL", ""),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("LC_ALL", "C"),
];

/// Settings that win over those of the repository: all that can name a program, and what the reading relies on.
const SETTINGS: &[&str] = &[
    "core.alternateRefsCommand=false",
    "core.askPass=false",
    "core.attributesFile=/dev/null",
    "core.editor=false",
    "core.fsmonitor=false",
    "core.gitProxy=none",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "core.sshCommand=false",
    "core.warnAmbiguousRefs=true",
    "credential.helper=",
    "diff.external=false",
    "gpg.program=false",
    "pager.cat-file=false",
    "pager.ls-tree=false",
    "pager.rev-parse=false",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
    "uploadpack.packObjectsHook=false",
];

/// The program, with the repository that it reads.
pub(super) struct Git {
    program: PathBuf,
    path: OsString,
    git_dir: PathBuf,
}

/// What Git wrote.
pub(super) struct Answer {
    pub(super) bytes: Vec<u8>,
    pub(super) warnings: String,
}

impl Git {
    /// Finds the program in the folders of PATH, without those that the repository could fill: relative ones, and those inside its work tree.
    ///
    /// # Errors
    /// A sentence: there is no such program.
    pub(super) fn find(path: Option<&str>, top: &Path, git_dir: &Path) -> Result<Self, String> {
        let is_inside = |place: &Path| top.parent().is_some() && place.starts_with(top);
        let is_usable = |folder: &PathBuf| {
            let real = folder.canonicalize();
            folder.is_absolute() && !is_inside(folder) && real.is_ok_and(|real| !is_inside(&real))
        };
        let folders: Vec<_> = std::env::split_paths(path.unwrap_or(DEFAULT_PATH)).filter(is_usable).collect();
        let programs = folders.iter().map(|folder| folder.join("git"));
        let is_outside = |program: &Path| program.canonicalize().is_ok_and(|real| !is_inside(&real));
        let program = programs.into_iter().find(|program| is_executable(program) && is_outside(program));
        let program = program.ok_or(
            "the program `git` is not installed, or not in the PATH; relative folders and folders of the repository don't count",
        )?;
        let path = std::env::join_paths(folders).map_err(|error| format!("PATH can't be used: {error}"))?;
        Ok(Self { program, path, git_dir: git_dir.to_owned() })
    }

    fn command(&self) -> Command {
        let mut git_dir = OsString::from("--git-dir=");
        git_dir.push(&self.git_dir);
        let mut command = Command::new(&self.program);
        command.env_clear().env("PATH", &self.path).envs(ENVIRONMENT.iter().copied());
        command.current_dir("/").arg(git_dir).args(["--no-pager", "--no-replace-objects"]);
        command.args(SETTINGS.iter().flat_map(|setting| ["-c", *setting]));
        command
    }

    /// What a command of Git writes.
    ///
    /// # Errors
    /// The first line of its complaint.
    pub(super) fn run<T: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = T>) -> Result<Answer, String> {
        let output = self.command().args(args).stdin(Stdio::null()).output().map_err(not_run)?;
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() {
            return Ok(Answer { bytes: output.stdout, warnings: complaint });
        }
        let fatal = complaint.lines().find_map(|line| line.strip_prefix("fatal: "));
        Err(fatal.or_else(|| complaint.lines().next()).unwrap_or_default().to_owned())
    }

    /// Starts one process that reads any number of objects.
    ///
    /// # Errors
    /// A sentence: it can't be started.
    pub(super) fn objects(&self) -> Result<Objects, String> {
        let mut command = self.command();
        command.args(["cat-file", "--batch"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(not_run)?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (requests, answers) = pipes.ok_or("`git` has no pipes")?;
        Ok(Objects { child, requests, answers: BufReader::new(answers) })
    }
}

/// A process that reads objects.
pub(super) struct Objects {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    /// The bytes of a file of a known size; nothing if the repository lacks it.
    ///
    /// # Errors
    /// A sentence: Git ended, or its answer is of another form.
    pub(super) fn blob(&mut self, hash: &str, size: u64) -> Result<Option<Vec<u8>>, String> {
        let ended = |error: std::io::Error| format!("`git` ended early: {error}");
        writeln!(self.requests, "{hash}").and_then(|()| self.requests.flush()).map_err(ended)?;
        let mut header = String::new();
        self.answers.read_line(&mut header).map_err(ended)?;
        if header.trim_end() == format!("{hash} missing") {
            return Ok(None);
        }
        if header.trim_end() != format!("{hash} blob {size}") {
            return Err(format!("`git` gives no file of {size} bytes for `{hash}`: {}", header.trim_end()));
        }
        let mut bytes = Vec::new();
        // The answer ends with a line break of its own.
        self.answers.by_ref().take(size + 1).read_to_end(&mut bytes).map_err(ended)?;
        match bytes.pop() {
            Some(b'\n') if bytes.len() as u64 == size => Ok(Some(bytes)),
            _ => Err(format!("`git` ended before all of `{hash}` was read")),
        }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Nobody waits for its answer any more; without `wait` it would stay as a zombie.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn not_run(error: std::io::Error) -> String {
    format!("`git` can't be run: {error}")
}

#[cfg(unix)]
fn is_executable(program: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    program.metadata().is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(program: &Path) -> bool {
    program.is_file()
}
