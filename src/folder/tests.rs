//! Every kind of thing that can have the name of a file, beneath a folder of its own.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const CANARY: &str = "canary-7e2";

/// A folder `in` beside a folder `out` in which the canary is.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        let ground = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(ground.path("in/sub")).unwrap();
        fs::create_dir_all(ground.path("out")).unwrap();
        fs::write(ground.path("in/own"), "own").unwrap();
        fs::write(ground.path("in/sub/deep"), "deep").unwrap();
        fs::write(ground.path("out/canary"), CANARY).unwrap();
        ground
    }

    fn path(&self, rest: &str) -> PathBuf {
        self.0.path().join(rest)
    }

    fn link(&self, target: impl AsRef<Path>, name: &str) {
        symlink(target, self.path("in").join(name)).unwrap();
    }

    fn folder(&self) -> Folder {
        Folder::open_anywhere(&self.path("in")).unwrap()
    }

    fn read(&self, path: &str) -> Result<String, Refusal> {
        Ok(String::from_utf8(self.folder().file(Path::new(path))?.read(100)?).unwrap())
    }
}

#[test]
fn links_inside_are_followed() {
    let ground = Ground::new();
    ground.link("own", "near");
    ground.link("sub", "folder");
    ground.link("../own", "sub/up");
    ground.link("..2026", "..data");
    ground.link("..data/trunkform.yaml", "trunkform.yaml");
    fs::create_dir(ground.path("in/..2026")).unwrap();
    fs::write(ground.path("in/..2026/trunkform.yaml"), "mounted").unwrap();
    for (path, text) in [
        ("own", "own"),
        ("./own", "own"),
        ("near", "own"),
        ("folder/deep", "deep"),
        ("sub/up", "own"),
        ("folder/up", "own"),
        ("sub/../own", "own"),
        ("trunkform.yaml", "mounted"),
    ] {
        assert_eq!(ground.read(path).unwrap(), text, "{path}");
    }
}

#[test]
fn nothing_leads_out_and_the_link_is_named() {
    let ground = Ground::new();
    ground.link("../out/canary", "relative");
    ground.link(ground.path("out/canary"), "absolute");
    ground.link(ground.path("in/own"), "absolute-inside");
    ground.link("../out", "folder");
    ground.link("relative", "chain");
    ground.link("sub/../../out/canary", "detour");
    ground.link("../../out/canary", "sub/relative");
    ground.link("/proc/self/environ", "environ");
    ground.link("/proc/self/fd/0", "stdin");
    ground.link("../out/gone", "gone");
    for (path, link) in [
        ("relative", "relative"),
        ("absolute", "absolute"),
        ("absolute-inside", "absolute-inside"),
        ("folder/canary", "folder"),
        ("folder/gone", "folder"),
        ("chain", "chain"),
        ("detour", "detour"),
        ("sub/relative", "sub/relative"),
        ("environ", "environ"),
        ("stdin", "stdin"),
        ("gone", "gone"),
    ] {
        let refused = ground.read(path).unwrap_err();
        assert!(
            matches!(&refused, Refusal::LinkOut { link: named, .. } if named == Path::new(link)),
            "{path}: {refused}"
        );
        assert!(ground.folder().check(Path::new(path)).is_err_and(|why| why.leads_out()), "{path}");
    }
    for path in ["../out/canary", "/etc/passwd", "sub/../../out/canary"] {
        assert!(matches!(ground.read(path), Err(Refusal::Outside)), "{path}");
    }
}

#[test]
fn what_is_no_regular_file_is_refused_and_keeps_nobody_waiting() {
    let ground = Ground::new();
    let mode = nix::sys::stat::Mode::from_bits_truncate(0o600);
    nix::unistd::mkfifo(&ground.path("in/pipe"), mode).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(ground.path("in/socket")).unwrap();
    ground.link("pipe", "to-pipe");
    for path in ["pipe", "socket", "to-pipe", "sub", "."] {
        assert!(matches!(ground.read(path), Err(Refusal::Irregular)), "{path}");
    }
    assert_eq!(ground.folder().kind(Path::new("pipe")).unwrap(), EntryKind::Pipe);
    assert_eq!(ground.folder().kind(Path::new("to-pipe")).unwrap(), EntryKind::File);
    ground.link("loop", "loop");
    ground.link("nothing", "dangling");
    for path in ["loop", "dangling", "absent"] {
        assert!(matches!(ground.read(path), Err(Refusal::Io(_))), "{path}");
    }
}

#[test]
fn what_git_keeps_is_refused_however_it_is_reached() {
    let ground = Ground::new();
    for folder in ["in/.git", "in/.GIT"] {
        fs::create_dir_all(ground.path(folder)).unwrap();
        fs::write(ground.path(folder).join("config"), CANARY).unwrap();
    }
    ground.link(".git/config", "config");
    ground.link(".git", "plain");
    for path in [".git/config", ".GIT/config", "sub/../.Git/config", "config", "plain/config", ".git"] {
        assert!(matches!(ground.read(path), Err(Refusal::Git)), "{path}");
    }
}

#[test]
fn a_file_is_replaced_where_it_is_and_links_stay() {
    let ground = Ground::new();
    ground.link("sub/deep", "near");
    fs::set_permissions(ground.path("in/sub/deep"), fs::Permissions::from_mode(0o640)).unwrap();
    ground.folder().replace(Path::new("near"), b"deep", "new").unwrap();
    assert_eq!(fs::read_to_string(ground.path("in/sub/deep")).unwrap(), "new");
    assert_eq!(fs::read_link(ground.path("in/near")).unwrap(), Path::new("sub/deep"));
    assert_eq!(fs::metadata(ground.path("in/sub/deep")).unwrap().permissions().mode() & 0o777, 0o640);
    let again = ground.folder().replace(Path::new("near"), b"deep", "newer");
    assert!(matches!(again, Err(ReplaceError::Changed)));
    ground.link("../out/canary", "out");
    let out = ground.folder().replace(Path::new("out"), CANARY.as_bytes(), "gone");
    assert!(matches!(out, Err(ReplaceError::Refused(Refusal::LinkOut { .. }))));
    assert_eq!(fs::read_to_string(ground.path("out/canary")).unwrap(), CANARY);
    let names = |folder: &str| fs::read_dir(ground.path(folder)).unwrap().count();
    assert_eq!((names("in"), names("in/sub"), names("out")), (4, 1, 1), "nothing is left beside the files");
}

/// Flips names between what is inside and what leads out, as long as something runs.
fn while_flipping(ground: &Ground, flip: impl Fn(bool) + Sync, run: impl Fn()) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut out = false;
            while !done.load(Ordering::Relaxed) {
                out = !out;
                flip(out);
            }
        });
        (0..3000).for_each(|_| run());
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(fs::read_to_string(ground.path("out/canary")).unwrap(), CANARY);
    assert_eq!(fs::read_dir(ground.path("out")).unwrap().count(), 1);
}

#[test]
fn a_link_that_appears_between_the_look_and_the_opening_leads_nowhere() {
    let ground = Ground::new();
    let flip = |out: bool| {
        let (file, folder) = if out { ("../out/canary", "../out") } else { ("own", "sub") };
        for (target, name) in [(file, "file"), (folder, "folder")] {
            let new = ground.path("in").join(format!(".{name}"));
            symlink(target, &new).unwrap();
            fs::rename(&new, ground.path("in").join(name)).unwrap();
        }
        // A file, and then a link of the same name.
        let new = ground.path("in/.turns");
        if out {
            symlink("../out/canary", &new).unwrap()
        } else {
            fs::write(&new, "own").unwrap()
        }
        fs::rename(&new, ground.path("in/turns")).unwrap();
    };
    flip(false);
    while_flipping(&ground, flip, || {
        for path in ["file", "turns", "folder/canary", "folder/deep"] {
            if let Ok(text) = ground.read(path) {
                assert!(!text.contains(CANARY), "{path}");
            }
        }
        for path in ["file", "turns", "folder/canary"] {
            let _ = ground.folder().replace(Path::new(path), CANARY.as_bytes(), "gone");
            let _ = ground.folder().replace(Path::new(path), b"own", "own");
        }
    });
}
