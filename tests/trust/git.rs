//! A pull request that wants Git to run something.

use std::fs;

use crate::attack::Attack;
use crate::support::{Run, TOKEN};

const FILE: &str = "provider: kalem\ntrunks:\n  - {name: Office PBX, direction: inbound, auth_type: ip, host: pbx.example.com}\n";

/// The runs that read a revision.
const READERS: [&[&str]; 4] = [
    &["plan", "--since", "main", "lines", "--sandbox=../scratch/state"],
    &["plan", "--since", "main", "lines/trunkform.yaml", "--sandbox=../scratch/state"],
    &["drift", "--at", "main", "lines", "--sandbox=../scratch/state"],
    &["apply", "--auto-approve", "--since", "main", "lines", "--sandbox=../scratch/state"],
];

/// A clone with one commit of one file.
fn clone() -> Attack {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", FILE);
    attack.commit();
    attack
}

/// The revision was read: of `drift`, 2 says that the account lacks what the revision declares.
fn assert_read(run: &Run, args: &[&str]) {
    assert!(
        run.code == 0 || (run.code == 2 && args[0] == "drift"),
        "the real repository is read, {args:?}: {run:?}"
    );
}

/// Settings of Git that name a program, each with its value.
fn settings(attack: &Attack) -> String {
    let run = attack.command_that_traces().replace('"', "\\\"");
    let section = |(section, keys): (&str, &[&str])| {
        let lines: String = keys.iter().map(|key| format!("\t{key} = \"{run}\"\n")).collect();
        format!("[{section}]\n{lines}")
    };
    let all: [(&str, &[&str]); 13] = [
        (
            "core",
            &["sshCommand", "fsmonitor", "pager", "editor", "askPass", "gitProxy", "alternateRefsCommand"],
        ),
        ("pager", &["ls-tree", "rev-parse", "cat-file"]),
        ("diff", &["external"]),
        ("diff \"planted\"", &["textconv", "command"]),
        ("filter \"planted\"", &["clean", "smudge", "process"]),
        ("credential", &["helper"]),
        ("gpg", &["program"]),
        ("uploadpack", &["packObjectsHook"]),
        ("sequence", &["editor"]),
        ("interactive", &["diffFilter"]),
        ("merge \"planted\"", &["driver"]),
        ("mergetool \"planted\"", &["cmd"]),
        ("alias", &["ls-tree", "rev-parse", "cat-file"]),
    ];
    let hooks = format!("[core]\n\thooksPath = {}\n", attack.path("lines/hooks").display());
    let promise = "[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = ssh://x/y\n\tpromisor = true\n\tpartialclonefilter = blob:none\n[protocol]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n";
    all.map(section).concat() + &hooks + promise
}

/// Takes one blob out of the objects of a repository, so that only a promise of it is left.
fn take_away_a_blob(objects: &std::path::Path) {
    let output = std::process::Command::new("git")
        .args([
            "--git-dir",
            objects.parent().unwrap().to_str().unwrap(),
            "rev-parse",
            "HEAD:lines/trunkform.yaml",
        ])
        .output()
        .unwrap();
    let blob = String::from_utf8(output.stdout).unwrap();
    let (folder, file) = blob.trim().split_at(2);
    fs::remove_file(objects.join(folder).join(file)).unwrap();
}

#[test]
fn a_bare_repository_beside_the_file_runs_nothing() {
    let attack = clone();
    let status = std::process::Command::new("cp")
        .arg("-r")
        .args(["HEAD", "objects", "refs"].map(|name| attack.path(".git").join(name)))
        .arg(attack.path("lines"))
        .status();
    assert!(status.unwrap().success());
    take_away_a_blob(&attack.path("lines/objects"));
    attack.write(
        "lines/config",
        &format!("[core]\n\trepositoryformatversion = 1\n\tbare = true\n{}", settings(&attack)),
    );
    attack.write_program("lines/hooks/post-checkout");
    for args in READERS {
        assert_read(&attack.run(args), args);
    }
}

#[test]
fn settings_of_the_clone_start_no_program() {
    let attack = clone();
    attack.write("lines/.gitattributes", "* filter=planted diff=planted merge=planted\n");
    attack.write(
        "lines/.gitmodules",
        "[submodule \"x\"]\n\tpath = x\n\turl = ext::sh -c env\n\tupdate = !env\n",
    );
    for hook in
        ["post-checkout", "pre-commit", "reference-transaction", "fsmonitor-watchman", "post-index-change"]
    {
        attack.write_program(&format!(".git/hooks/{hook}"));
        attack.write_program(&format!("lines/hooks/{hook}"));
    }
    let config = attack.path(".git/config");
    let before = fs::read_to_string(&config)
        .unwrap()
        .replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    attack.write("included", &settings(&attack));
    for planted in [settings(&attack), format!("[include]\n\tpath = {}\n", attack.path("included").display())]
    {
        fs::write(&config, format!("{before}{planted}")).unwrap();
        for args in READERS {
            assert_read(&attack.run(args), args);
        }
    }
    // The blob is missing now, and the settings say where to get it from.
    take_away_a_blob(&attack.path(".git/objects"));
    for args in READERS {
        let run = attack.run(args);
        assert_eq!(run.code, 1, "{args:?}: {run:?}");
    }
}

#[test]
fn a_program_called_git_in_the_folder_is_not_started() {
    let attack = clone();
    attack.write_program("git");
    attack.write_program("lines/git");
    let real = std::env::var("PATH").unwrap();
    for path in [
        format!(":{real}"),
        format!(".:{real}"),
        format!("lines:{real}"),
        format!("{real}:"),
        format!("./lines:{real}"),
    ] {
        for args in READERS {
            let mut command = attack.command(args);
            command.env("PATH", &path);
            assert_read(&attack.finish(command), args);
        }
    }
}

#[test]
fn git_gets_no_secret_of_the_job() {
    let attack = clone();
    // The operator's own program, before the real one: it writes its environment down.
    let (bin, seen) = (attack.scratch("bin"), attack.scratch("environment"));
    fs::create_dir(&bin).unwrap();
    let real = std::env::var("PATH").unwrap();
    let script = format!("#!/bin/sh\n/usr/bin/env >>'{}'\nPATH='{real}'\nexec git \"$@\"\n", seen.display());
    fs::write(bin.join("git"), script).unwrap();
    fs::set_permissions(bin.join("git"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for args in READERS {
        let mut command = attack.command(args);
        command.env("PATH", format!("{}:{real}", bin.display()));
        for name in [
            "TRUNKFORM_TOKEN_KALEM",
            "CARRIER_PASSWORD",
            "GIT_SSH_COMMAND",
            "GIT_EXTERNAL_DIFF",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            command.env(name, TOKEN);
        }
        attack.finish(command);
    }
    let environment = fs::read_to_string(seen).expect("git was asked");
    assert!(!environment.contains(TOKEN) && !environment.contains("canary"), "{environment}");
}
