//! Random folders as a pull request may bring them: configuration, links, odd files, hostile names, layouts of Git.
//! In: bytes, from a property test or a fuzzer, and the paths of a clone and of what is outside. Out: the entries in the clone.
//! Writes below the clone alone; the folder outside is only ever a target of links.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

/// Decisions out of bytes; where none are left, always the first.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    fn next(&mut self) -> usize {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        usize::from(*first)
    }

    /// One of a list.
    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.next() % list.len()]
    }
}

const FOLDERS: [&str; 8] =
    ["lines", "lines", "lines", "", "lines/sub", "lines/..data", "lines/.git", "lines/hooks"];

const NAMES: [&str; 30] = [
    "trunkform.yaml",
    "x.yaml",
    "y.yml",
    "a b.yaml",
    "-.yaml",
    "--out.yaml",
    "\n::error::x.yaml",
    "$(touch RAN).yaml",
    ";id;.yaml",
    "\u{202e}x.yaml",
    "##vso[x].yaml",
    "..yaml",
    ".hidden.yaml",
    "..data",
    "sub",
    "secret",
    "n.csv",
    "HEAD",
    "config",
    "objects",
    "refs",
    "index",
    "git",
    ".gitattributes",
    ".gitmodules",
    ".git",
    "trunkform.schema.json",
    "post-checkout",
    "fsmonitor",
    "sub.yaml",
];

/// Targets of links; `OUT` is the folder outside.
const TARGETS: [&str; 18] = [
    "OUT/token.env",
    "OUT/trunkform.yaml",
    "OUT/foreign.yaml",
    "OUT/folder",
    "OUT/password",
    "OUT/nothing",
    "OUT",
    "../../outside/trunkform.yaml",
    "../../outside",
    "/proc/self/environ",
    "/proc/self/cmdline",
    "/proc/self/fd/0",
    "/dev/zero",
    "/dev/stdin",
    "x.yaml",
    "..",
    ".",
    "../lines/secret",
];

/// Pieces of configuration; `PATH` is one of [`PATHS`].
const PIECES: [&str; 22] = [
    "provider: kalem\n",
    "provider: bolna\n",
    "provider: talkover\n",
    "account: prod\n",
    "unlisted: delete\n",
    "trunks:\n  - {name: A, direction: outbound, auth_type: digest, username: u, password: {file: \"PATH\"}, outbound_server: sip.example.com}\n",
    "trunks:\n  - {name: \"##vso[x]\\u3164\", direction: inbound, auth_type: ip, host: pbx.example.com}\n",
    "trunks:\n  - {name: \"::error::x\", direction: inbound, auth_type: digest, username: u, password: {env: DEPLOY_KEY}, host: a.example.com}\n",
    "numbers:\n  - {number: \"+14155552600\"}\n",
    "numbers_from: {csv: \"PATH\"}\n",
    "accounts_from: {csv: \"PATH\"}\n",
    "number,trunk\n+14155552600,A\n",
    "account,name\na,b\n",
    "[core]\n\tsshCommand = \"touch OUT/RAN\"\n\tfsmonitor = \"touch OUT/RAN\"\n\tbare = true\n",
    "[include]\n\tpath = OUT/token.env\n",
    "gitdir: OUT\n",
    "gitdir: ../.git\n",
    "ref: refs/heads/main\n",
    "* filter=x diff=x\n",
    "\t- [\u{feff}\n",
    "\0\u{1}\n",
    "#!/bin/sh\ntouch OUT/RAN\n",
];

const PATHS: [&str; 14] = [
    "secret",
    "x.yaml",
    "n.csv",
    "sub/secret",
    "..data/secret",
    "../outside/password",
    "../../outside/password",
    "OUT/password",
    "OUT/numbers.csv",
    "/proc/self/environ",
    ".git/config",
    "../.git/config",
    "sub/../secret",
    "/dev/stdin",
];

/// What runs are given: the folder, one file, the default, an absolute path, nothing that is there.
pub(crate) const GIVEN: [&[&str]; 7] = [
    &["lines"],
    &["lines/trunkform.yaml"],
    &[],
    &["."],
    &["lines/x.yaml", "lines"],
    &["lines/sub"],
    &["./lines/../lines"],
];

const COMMANDS: [&[&str]; 22] = [
    &["validate"],
    &["validate", "--format", "json"],
    &["validate", "--format", "github"],
    &["validate", "--format", "sarif"],
    &["validate", "--format", "junit"],
    &["plan", "SANDBOX"],
    &["plan", "SANDBOX", "--format", "markdown"],
    &["plan", "SANDBOX", "--format", "html"],
    &["plan", "SANDBOX", "--format", "json"],
    &["plan", "SANDBOX", "--out", "plan.json"],
    &["plan", "SANDBOX", "--since", "main"],
    &["apply", "SANDBOX", "--auto-approve"],
    &["apply", "SANDBOX", "--auto-approve", "--journal", "n.csv"],
    &["apply", "SANDBOX", "--auto-approve", "--since", "main"],
    &["drift", "SANDBOX"],
    &["drift", "SANDBOX", "--at", "main"],
    &["fmt"],
    &["fmt", "--check"],
    &["export", "SANDBOX", "--merge"],
    &["graph"],
    &["why", "kalem.trunk.A"],
    &["init"],
];

/// The arguments of one run; `SANDBOX` becomes the state of an embedded sandbox.
pub(crate) fn arguments(choices: &mut Choices<'_>, sandbox: &str) -> Vec<String> {
    let command = choices.pick(&COMMANDS);
    let given = if command[0] == "init" { &[][..] } else { choices.pick(&GIVEN) };
    command.iter().chain(given).map(|arg| arg.replace("SANDBOX", sandbox)).collect()
}

/// Fills a clone; what can't be made, since something else is there, is left out.
pub(crate) fn fill(clone: &Path, outside: &Path, choices: &mut Choices<'_>) {
    let out = outside.display().to_string();
    for _ in 0..=choices.next() % 12 {
        let folder = clone.join(choices.pick(&FOLDERS));
        let path = folder.join(choices.pick(&NAMES));
        // A folder that became a link leads elsewhere: nothing is written through it.
        if leads_outside(clone, &folder) || fs::create_dir_all(&folder).is_err() {
            continue;
        }
        let _ = entry(&path, &out, choices);
    }
}

fn is_given(path: &Path) -> bool {
    GIVEN.iter().copied().flatten().any(|given| path.ends_with(given))
}

fn leads_outside(clone: &Path, folder: &Path) -> bool {
    let real = folder.ancestors().find_map(|part| part.canonicalize().ok());
    !real.is_some_and(|real| clone.canonicalize().is_ok_and(|clone| real.starts_with(clone)))
}

fn entry(path: &PathBuf, out: &str, choices: &mut Choices<'_>) -> io::Result<()> {
    // A pipe is removed as well: to write into it would wait for a reader.
    if path.symlink_metadata().is_ok_and(|about| !about.is_dir()) {
        fs::remove_file(path)?;
    }
    match choices.next() % 10 {
        0..4 => {
            let pieces = (0..=choices.next() % 4).map(|_| {
                let piece = choices.pick(&PIECES);
                piece.replace("PATH", choices.pick(&PATHS)).replace("OUT", out)
            });
            fs::write(path, pieces.collect::<String>())?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        }
        4..8 => symlink(choices.pick(&TARGETS).replace("OUT", out), path),
        // A pipe that the command line itself names is read, and waits for its writer.
        8 if is_given(path) => Ok(()),
        8 => nix::unistd::mkfifo(path, nix::sys::stat::Mode::S_IRWXU).map_err(Into::into),
        _ => fs::create_dir(path),
    }
}
