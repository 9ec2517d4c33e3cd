//! Any bytes as a folder of a pull request: configuration, links, odd files, hostile names, layouts of Git.
//! In: the bytes of one input. Out: nothing; a panic where loading read, printed, changed or started anything outside of the folder.
//! The watcher is the kernel's; the folder is made by the code that the property of law 13 uses.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;
use trunkform::config::{self, Checked, Revision};
use trunkform::engine::PlanArgs;
use trunkform::model::Diagnostic;
use trunkform::render::diagnostics;

use crate::random_folder::{Choices, GIVEN, fill};
use crate::watcher::Watcher;
use crate::{empty_accounts, files, shown};

/// Stands in every file outside.
const CANARY: &str = "canary-51e0b7";
/// A clone with one commit, and the folder outside of it; made once.
struct Ground {
    root: TempDir,
    fresh: bool,
}

thread_local! {
    static GROUND: RefCell<Option<Ground>> = const { RefCell::new(None) };
}

impl Ground {
    fn new() -> Self {
        let root = files::folder_in_memory();
        let ground = Self { root, fresh: true };
        fs::create_dir_all(ground.outside().join("folder")).expect("a folder can be made");
        for name in ["token.env", "trunkform.yaml", "foreign.yaml", "password", "numbers.csv", "folder/inner.yaml"] {
            let text = format!("provider: kalem\ntrunks: [{{name: {CANARY}}}]\n");
            fs::write(ground.outside().join(name), text).expect("a file can be written");
        }
        fs::create_dir_all(ground.clone_folder().join("lines")).expect("a folder can be made");
        fs::write(ground.clone_folder().join("lines/trunkform.yaml"), "provider: kalem\ntrunks: []\n")
            .expect("a file can be written");
        for args in [&["init", "-q", "-b", "main"][..], &["add", "."], &["commit", "-q", "-m", "c"]] {
            let status = Command::new("git")
                .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
                .args(args)
                .current_dir(ground.clone_folder())
                .stdin(Stdio::null())
                .status();
            assert!(status.is_ok_and(|status| status.success()), "git {args:?}");
        }
        ground
    }

    fn clone_folder(&self) -> PathBuf {
        self.root.path().join("clone")
    }

    fn outside(&self) -> PathBuf {
        self.root.path().join("outside")
    }

    /// Takes away what an earlier input left, but for the repository.
    fn clear(&mut self) {
        if !self.fresh {
            let entries = fs::read_dir(self.clone_folder()).expect("the clone is there");
            for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
                if path.file_name().is_some_and(|name| name != ".git") {
                    let _ = fs::remove_dir_all(&path).or_else(|_| fs::remove_file(&path));
                }
            }
            fs::create_dir_all(self.clone_folder().join("lines")).expect("a folder can be made");
        }
        self.fresh = false;
    }
}

/// Loads a random folder, on disk and at a revision, and plans what has no errors.
pub fn any(bytes: &[u8]) {
    GROUND.with_borrow_mut(|ground| {
        let ground = ground.get_or_insert_with(Ground::new);
        ground.clear();
        let (clone, outside) = (ground.clone_folder(), ground.outside());
        std::env::set_current_dir(&clone).expect("the clone is there");
        let mut choices = Choices(bytes);
        fill(&clone, &outside, &mut choices);
        let paths: Vec<PathBuf> = choices.pick(&GIVEN).iter().map(PathBuf::from).collect();
        let watcher = Watcher::of(&outside);
        keeps_to_itself(config::load(&paths, files::today()));
        // Git is a process of its own, and slow.
        if choices.pick(&[0, 1, 2, 3]) == 3 {
            at_revision(&paths, &clone);
        }
        assert_eq!(watcher.events(), Vec::<String>::new(), "something outside was touched");
    });
}

fn at_revision(paths: &[PathBuf], clone: &Path) {
    let environment = |name: &str| if name == "PATH" { std::env::var(name).ok() } else { None };
    let Ok(revision) = Revision::find("main", paths, &environment) else { return };
    let Ok((read, _)) = revision.read(paths) else { return };
    let beside = |folder: &trunkform::folder::FolderPath, path: &Path| revision.beside(&folder.path(), path);
    keeps_to_itself(config::check(read, &beside, files::today()));
    assert!(!clone.join("RAN").exists(), "a program ran");
}

fn keeps_to_itself(checked: Checked) {
    shown::complaints(&checked.diagnostics, &checked.sources);
    for text in [
        diagnostics::human(&checked.diagnostics, &checked.sources, false),
        diagnostics::github(&checked.diagnostics, &checked.sources),
        trunkform::render::document::one_line(&diagnostics::json(&checked.diagnostics, &checked.sources)),
    ] {
        assert!(!text.contains(CANARY), "what is outside was printed: {text}");
    }
    if !checked.diagnostics.iter().any(Diagnostic::is_error) {
        let outcome = empty_accounts::plan(checked, PlanArgs::default());
        shown::plan(&outcome.plan, &outcome.sources);
    }
}
