//! What a pull request, a repository's settings and the caller's variables can start while a revision is read: nothing.
//! In: real repositories with each known trap in them. Out: no program ran, and `git` got no secret.
//! Never fetches.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

mod support;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use support::{Live, Run, TOKEN, git};
use trunkform::sandbox;

const FILE: &str =
    "provider: kalem\ntrunks:\n  - {name: Main, direction: inbound, auth_type: ip, host: a.example.com}\n";
const READ: [&[&str]; 3] = [
    &["plan", "--since", "origin/main"],
    &["drift", "--at", "origin/main"],
    &["apply", "--auto-approve", "--since", "origin/main"],
];
const OTHER_USER: u32 = 65534;

/// Settings that name a program; `TRAP` leaves a trace.
const SETTINGS: &[(&str, &str)] = &[
    ("alias.cat-file", "!TRAP"),
    ("alias.ls-tree", "!TRAP"),
    ("alias.rev-parse", "!TRAP"),
    ("core.alternateRefsCommand", "TRAP"),
    ("core.askPass", "TRAP"),
    ("core.editor", "TRAP"),
    ("core.fsmonitor", "TRAP"),
    ("core.gitProxy", "TRAP"),
    ("core.pager", "TRAP"),
    ("core.sshCommand", "TRAP"),
    ("core.fsmonitorHookVersion", "2"),
    ("credential.helper", "!TRAP"),
    ("diff.external", "TRAP"),
    ("diff.trap.command", "TRAP"),
    ("diff.trap.textconv", "TRAP"),
    ("filter.trap.clean", "TRAP"),
    ("filter.trap.process", "TRAP"),
    ("filter.trap.required", "true"),
    ("filter.trap.smudge", "TRAP"),
    ("gpg.program", "TRAP"),
    ("pager.cat-file", "TRAP"),
    ("pager.ls-tree", "TRAP"),
    ("pager.rev-parse", "TRAP"),
    ("protocol.allow", "always"),
    ("protocol.ext.allow", "always"),
    ("protocol.file.allow", "always"),
    ("remote.origin.promisor", "true"),
    ("remote.origin.proxy", "http://127.0.0.1:1"),
    ("remote.origin.uploadpack", "TRAP"),
    ("remote.origin.partialclonefilter", "blob:none"),
    ("sequence.editor", "TRAP"),
    ("submodule.sub.update", "!TRAP"),
    ("uploadpack.packObjectsHook", "TRAP"),
];

/// A clone whose base is at `origin/main`, an account that is as the base declares it, and a program that leaves a trace.
struct Room {
    live: Live,
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let trunk = json!({"id": 1, "name": "Main", "direction": "inbound", "auth_type": "ip", "host": "a.example.com", "port": 5060});
        let live = Live::start(json!({"kalem": {"trunks": [trunk], "numbers": []}}));
        let room = Self { live, folder: tempfile::tempdir().unwrap() };
        let origin = room.path("origin");
        fs::create_dir_all(origin.join("lines")).unwrap();
        fs::write(origin.join("lines/trunkform.yaml"), FILE).unwrap();
        git(&origin, &["init", "--quiet", "--initial-branch=main"]);
        git(&origin, &["config", "uploadpack.allowFilter", "true"]);
        commit(&origin);
        git(room.folder.path(), &["clone", "--quiet", "origin", "clone"]);
        room.program("trap", "touch \"$(dirname \"$0\")/RAN\"; exit 1");
        room
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn clone(&self) -> PathBuf {
        self.path("clone")
    }

    /// A program in the folder around the clone, or below.
    fn program(&self, name: &str, script: &str) -> PathBuf {
        let program = self.path(name);
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        program
    }

    fn trap(&self) -> String {
        self.path("trap").display().to_string()
    }

    /// Settings as lines of a file of Git's, with a remote of which objects are missing.
    fn settings(&self, url: &str) -> String {
        let file = self.path("settings");
        let _ = fs::remove_file(&file);
        let set = |key: &str, value: &str| {
            git(self.folder.path(), &["config", "--file", "settings", key, value]);
        };
        for (key, value) in SETTINGS {
            set(key, &value.replace("TRAP", &self.trap()));
        }
        set("remote.origin.url", url);
        set("core.repositoryFormatVersion", "1");
        set("extensions.partialClone", "origin");
        fs::read_to_string(file).unwrap()
    }

    /// Takes the base's file out of the objects of a repository.
    fn lose_blob(&self, git_dir: &Path) {
        let output = Command::new("git")
            .args(["rev-parse", "origin/main:lines/trunkform.yaml"])
            .current_dir(self.clone())
            .output()
            .unwrap();
        let hash = String::from_utf8(output.stdout).unwrap();
        let (folder, name) = hash.trim().split_at(2);
        fs::remove_file(git_dir.join("objects").join(folder).join(name)).unwrap();
    }

    fn run(&self, args: &[&str], environment: &[(&str, &str)]) -> Run {
        let mut command = support::command(&self.clone(), args);
        for (platform, mount) in sandbox::routes() {
            let account = platform.to_uppercase();
            command.env(format!("TRUNKFORM_URL_{account}"), format!("{}{mount}", self.live.sandbox.base()));
            command.env(format!("TRUNKFORM_TOKEN_{account}"), TOKEN);
        }
        command.env("PATH", std::env::var("PATH").unwrap());
        command.envs(environment.iter().copied());
        Run::of(command)
    }

    /// Reads the base by each command and each form of the path.
    #[track_caller]
    fn read(&self, code: i32, environment: &[(&str, &str)]) -> String {
        let mut said = String::new();
        for args in READ {
            for path in ["lines", "lines/trunkform.yaml"] {
                let run = self.run(&[args, &[path]].concat(), environment);
                assert!(!self.path("RAN").exists(), "a program ran: {args:?} {path}");
                assert_eq!(run.code, code, "{args:?} {run:?}");
                said.push_str(&run.stderr);
            }
        }
        said
    }
}

fn commit(folder: &Path) {
    git(folder, &["add", "--all", "--force"]);
    git(folder, &["commit", "--quiet", "--message", "x"]);
}

#[test]
fn settings_of_the_repository_start_no_program() {
    for url in ["ssh://x/y", "ext::TRAP", "git://127.0.0.1:1/x", "../origin", "TRAP::x"] {
        let room = Room::new();
        let git_dir = room.clone().join(".git");
        let settings = room.settings(&url.replace("TRAP", &room.trap()));
        let config = fs::read_to_string(git_dir.join("config")).unwrap();
        for included in [false, true] {
            let more = if included {
                fs::write(git_dir.join("more"), &settings).unwrap();
                // The extension counts only in the file itself.
                "[core]\nrepositoryFormatVersion = 1\n[extensions]\npartialClone = origin\n[include]\npath = more\n"
            } else {
                &settings
            };
            fs::write(git_dir.join("config"), format!("{config}\n{more}")).unwrap();
            room.read(0, &[]);
        }
        room.lose_blob(&git_dir);
        let said = room.read(1, &[]);
        assert!(said.contains("this clone is partial") && said.contains("no `filter`"), "{said}");
    }
}

#[test]
fn a_bare_layout_beside_the_files_is_no_repository() {
    let room = Room::new();
    let lines = room.clone().join("lines");
    git(&room.clone(), &["clone", "--quiet", "--bare", "--no-hardlinks", ".", "planted"]);
    for name in ["HEAD", "objects", "refs", "packed-refs", "hooks", "description"] {
        fs::rename(room.path("clone/planted").join(name), lines.join(name)).unwrap();
    }
    fs::write(lines.join("config"), format!("[core]\nbare = true\n{}", room.settings("ssh://x/y"))).unwrap();
    git(&lines, &["--git-dir=.", "update-ref", "refs/remotes/origin/main", "HEAD"]);
    fs::remove_dir_all(room.path("clone/planted")).unwrap();
    room.lose_blob(&lines);
    room.read(0, &[]);
}

#[test]
fn what_a_pull_request_adds_for_git_starts_no_program() {
    let room = Room::new();
    let clone = room.clone();
    let config = fs::read_to_string(clone.join(".git/config")).unwrap() + &room.settings("../origin");
    fs::write(clone.join(".git/config"), config).unwrap();
    let url = format!("ext::{}", room.trap());
    fs::write(
        clone.join(".gitmodules"),
        format!("[submodule \"sub\"]\npath = sub\nurl = {url}\nupdate = !{}\n", room.trap()),
    )
    .unwrap();
    fs::write(clone.join(".gitattributes"), "* filter=trap diff=trap text eol=crlf ident\n").unwrap();
    fs::write(clone.join("lines/.gitattributes"), "* filter=trap diff=trap export-subst\n").unwrap();
    fs::write(clone.join(".gitconfig"), room.settings("ssh://x/y")).unwrap();
    let hooks = [
        "fsmonitor-watchman",
        "post-checkout",
        "post-index-change",
        "pre-auto-gc",
        "reference-transaction",
        "post-rewrite",
        "proc-receive",
        "update",
    ];
    for folder in ["clone/.git/hooks", "clone/hooks", "clone/lines/hooks"] {
        for hook in hooks {
            room.program(&format!("{folder}/{hook}"), &room.trap());
        }
    }
    room.read(0, &[("HOME", clone.to_str().unwrap()), ("XDG_CONFIG_HOME", clone.to_str().unwrap())]);
}

#[test]
fn a_git_that_the_repository_holds_is_never_run() {
    let room = Room::new();
    for name in ["git", "lines/git", "bin/git", "git-rev-parse", "git-ls-tree", "bin/git-cat-file"] {
        room.program(&format!("clone/{name}"), &room.trap());
    }
    let clone = room.clone();
    symlink(&clone, room.path("elsewhere")).unwrap();
    fs::create_dir(room.path("links")).unwrap();
    symlink(clone.join("git"), room.path("links/git")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let (clone, elsewhere) = (clone.display(), room.path("elsewhere"));
    let before = [
        ".".to_owned(),
        String::new(),
        "lines".into(),
        "./bin".into(),
        format!("{clone}/bin"),
        clone.to_string(),
        format!("{}/bin", elsewhere.display()),
        room.path("links").display().to_string(),
    ];
    for before in before {
        for path in [format!("{before}:{path}"), format!("{before}::{path}:")] {
            room.read(0, &[("PATH", &path)]);
        }
        let said = room.read(1, &[("PATH", &before)]);
        assert!(said.contains("`git` is not installed"), "{before}: {said}");
    }
}

#[test]
fn variables_of_the_caller_change_nothing() {
    let room = Room::new();
    let other = room.path("other");
    fs::create_dir_all(&other).unwrap();
    git(&other, &["init", "--quiet"]);
    let trap = room.trap();
    fs::write(room.path("global"), room.settings("ssh://x/y")).unwrap();
    let global = room.path("global").display().to_string();
    let other = other.join(".git").display().to_string();
    let bin = room.path("bin").display().to_string();
    for name in ["git", "git-rev-parse", "git-ls-tree", "git-cat-file"] {
        room.program(&format!("bin/{name}"), &trap);
    }
    let variables = [
        ("GIT_DIR", other.as_str()),
        ("GIT_COMMON_DIR", &other),
        ("GIT_WORK_TREE", "/"),
        ("GIT_OBJECT_DIRECTORY", &other),
        ("GIT_ALTERNATE_OBJECT_DIRECTORIES", &other),
        ("GIT_INDEX_FILE", &global),
        ("GIT_EXEC_PATH", &bin),
        ("GIT_SSH_COMMAND", &trap),
        ("GIT_SSH", &trap),
        ("GIT_PROXY_COMMAND", &trap),
        ("GIT_ASKPASS", &trap),
        ("SSH_ASKPASS", &trap),
        ("GIT_EXTERNAL_DIFF", &trap),
        ("GIT_PAGER", &trap),
        ("PAGER", &trap),
        ("GIT_EDITOR", &trap),
        ("GIT_CONFIG_GLOBAL", &global),
        ("GIT_CONFIG_SYSTEM", &global),
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
        ("GIT_CONFIG_VALUE_0", &trap),
        ("GIT_CONFIG_PARAMETERS", "'core.bare=nonsense'"),
        ("GIT_ALLOW_PROTOCOL", "ext:ssh:file"),
        ("GIT_NAMESPACE", "elsewhere"),
        ("GIT_CEILING_DIRECTORIES", "/"),
        ("GIT_NOGLOB_PATHSPECS", "1"),
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_TRACE", &global),
        ("GIT_REPLACE_REF_BASE", "refs/heads/"),
    ];
    for variable in variables {
        room.run(&["drift", "--at", "origin/main", "lines"], &[variable]).stdout_of(0);
        assert!(!room.path("RAN").exists(), "a program ran: {variable:?}");
    }
    room.read(0, &variables);
}

#[test]
fn git_gets_no_secret() {
    let room = Room::new();
    room.program(
        "bin/git",
        &format!(
            "env >>'{}'; PATH=/usr/local/bin:/usr/bin:/bin exec git \"$@\"",
            room.path("DUMP").display()
        ),
    );
    let path = format!("{}:{}", room.path("bin").display(), std::env::var("PATH").unwrap());
    room.read(0, &[("PATH", &path), ("CI_JOB_TOKEN", "planted-job-token"), ("HOME", "/root")]);
    let dump = fs::read_to_string(room.path("DUMP")).unwrap();
    for secret in [TOKEN, support::PASSWORD, "planted-job-token", "TRUNKFORM_", "HOME="] {
        assert!(!dump.contains(secret), "{secret} in {dump}");
    }
}

#[test]
fn an_ambiguous_name_is_refused() {
    for taken in ["refs/heads/origin/main", "refs/tags/origin/main"] {
        let room = Room::new();
        fs::write(room.clone().join("lines/trunkform.yaml"), format!("{FILE}# later\n")).unwrap();
        commit(&room.clone());
        git(&room.clone(), &["update-ref", taken, "HEAD"]);
        git(&room.clone(), &["config", "core.warnAmbiguousRefs", "false"]);
        let said = room.read(1, &[]);
        assert!(said.contains("`origin/main` is ambiguous"), "{said}");
        room.run(&["plan", "--since", "refs/remotes/origin/main", "lines"], &[]).stdout_of(0);
    }
}

#[test]
fn a_partial_clone_says_how_to_get_the_rest() {
    let room = Room::new();
    fs::write(room.path("origin/lines/trunkform.yaml"), format!("{FILE}# later\n")).unwrap();
    commit(&room.path("origin"));
    for filter in ["blob:none", "tree:0"] {
        fs::remove_dir_all(room.clone()).unwrap();
        let url = format!("file://{}", room.path("origin").display());
        git(room.folder.path(), &["clone", "--quiet", &format!("--filter={filter}"), &url, "clone"]);
        let run = room.run(&["plan", "--since", "HEAD~1", "lines"], &[]);
        assert!(run.code == 1 && run.stderr.contains("this clone is partial"), "{run:?}");
        room.run(&["plan", "--since", "HEAD", "lines"], &[]).stdout_of(0);
    }
}

#[test]
fn the_repository_of_another_user_has_to_be_named() {
    let room = Room::new();
    let git_dir = room.clone().join(".git");
    if git_dir.metadata().unwrap().uid() != 0 {
        return; // Only root can give a folder away.
    }
    chown(&git_dir, Some(OTHER_USER), None).unwrap();
    let said = room.read(1, &[]);
    assert!(said.contains("belongs to user 65534, and Trunkform runs as user 0"), "{said}");
    assert!(said.contains("TRUNKFORM_REPOSITORY="), "{said}");
    let clone = room.clone().display().to_string();
    for name in [clone.as_str(), ".", "lines/..", git_dir.to_str().unwrap()] {
        room.read(0, &[("TRUNKFORM_REPOSITORY", name)]);
    }
    room.read(1, &[("TRUNKFORM_REPOSITORY", "")]);
}

#[test]
fn the_repository_that_is_named_is_the_one_that_is_read() {
    let room = Room::new();
    let origin = room.path("origin").display().to_string();
    let said = room.read(1, &[("TRUNKFORM_REPOSITORY", &origin)]);
    assert!(said.contains("it is outside of") && said.contains("`TRUNKFORM_REPOSITORY` names"), "{said}");
    let said = room.read(1, &[("TRUNKFORM_REPOSITORY", "lines")]);
    assert!(said.contains("which is no Git repository"), "{said}");
    git(room.folder.path(), &["clone", "--quiet", "--mirror", "clone", "bare.git"]);
    fs::remove_dir_all(room.clone().join(".git")).unwrap();
    let bare = room.path("bare.git").display().to_string();
    let run = room.run(&["plan", "--since", "main", "lines"], &[("TRUNKFORM_REPOSITORY", &bare)]);
    run.stdout_of(0);
    assert!(!run.stderr.contains("no configuration"), "{run:?}");
}

#[test]
fn work_trees_and_submodules_are_read_as_repositories_of_their_own() {
    let room = Room::new();
    git(&room.clone(), &["worktree", "add", "--quiet", "--detach", "../tree"]);
    let tree = room.path("tree/lines").display().to_string();
    git(
        &room.clone(),
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../origin", "sub"],
    );
    for path in [tree.as_str(), "sub/lines"] {
        let run = room.run(&["plan", "--since", "HEAD", path], &[]);
        run.stdout_of(0);
        assert!(!run.stderr.contains("no configuration"), "{run:?}");
    }
    for (paths, says) in [
        (["lines", "sub/lines"], "it belongs to the repository"),
        (["lines", &tree], "it is outside of the repository"),
        (["sub/lines", "lines"], "it is outside of the repository"),
    ] {
        let run = room.run(&["drift", "--at", "HEAD", paths[0], paths[1]], &[]);
        assert!(run.code == 1 && run.stderr.contains(says), "{run:?}");
    }
    // A link leads to no other repository, and within its own one it does.
    symlink(room.path("tree/lines"), room.clone().join("out")).unwrap();
    symlink("sub/lines", room.clone().join("nested")).unwrap();
    symlink("lines", room.clone().join("inside")).unwrap();
    for path in ["out", "out/trunkform.yaml", "nested"] {
        let run = room.run(&["drift", "--at", "HEAD", path], &[]);
        assert!(run.code == 1 && run.stderr.contains("give paths of one repository"), "{run:?}");
    }
    room.run(&["drift", "--at", "HEAD", "inside"], &[]).stdout_of(0);
    fs::write(room.clone().join("sub/.git"), "gitdir: ../gone\n").unwrap();
    let run = room.run(&["plan", "--since", "HEAD", "sub/lines"], &[]);
    assert!(run.code == 1 && run.stderr.contains("which is no Git repository"), "{run:?}");
}
