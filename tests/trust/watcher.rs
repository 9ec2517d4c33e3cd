//! Tells whether anything in a folder was opened, read, changed or created.
//! In: a folder. Out: what happened to it and to everything in it since, one line each.
//! Asks the kernel on Linux; elsewhere it sees nothing, and the tests rely on what is printed.

use std::path::Path;

#[cfg(target_os = "linux")]
use nix::sys::inotify::AddWatchFlags;

/// All but the end of a reading: another test's process may hold a copy of our own handle until it starts its program.
#[cfg(target_os = "linux")]
const WATCHED: AddWatchFlags = AddWatchFlags::IN_ALL_EVENTS.difference(AddWatchFlags::IN_CLOSE);

/// Watches one folder with all that is in it.
pub(crate) struct Watcher {
    #[cfg(target_os = "linux")]
    inotify: nix::sys::inotify::Inotify,
}

#[cfg(target_os = "linux")]
impl Watcher {
    pub(crate) fn of(folder: &Path) -> Self {
        use nix::sys::inotify::{InitFlags, Inotify};
        let inotify = Inotify::init(InitFlags::IN_NONBLOCK | InitFlags::IN_CLOEXEC).unwrap();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
            folders.extend(entries.filter(|e| e.file_type().unwrap().is_dir()).map(|e| e.path()));
            inotify.add_watch(&folder, WATCHED).unwrap();
        }
        let watcher = Self { inotify };
        // The listing above is an event too.
        watcher.events();
        watcher
    }

    /// What happened so far.
    pub(crate) fn events(&self) -> Vec<String> {
        use nix::errno::Errno;
        let mut seen = Vec::new();
        loop {
            match self.inotify.read_events() {
                Ok(events) => seen.extend(events.iter().map(|e| format!("{:?} {:?}", e.mask, e.name))),
                Err(Errno::EAGAIN) => return seen,
                Err(why) => panic!("inotify: {why}"),
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Watcher {
    pub(crate) fn of(_: &Path) -> Self {
        Self {}
    }

    pub(crate) fn events(&self) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_watcher_sees_what_is_read_written_and_created() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    let file = folder.path().join("inner/file");
    std::fs::write(&file, "text").unwrap();
    let watcher = Watcher::of(folder.path());
    assert!(watcher.events().is_empty(), "nothing happened yet");
    std::fs::read(&file).unwrap();
    assert!(watcher.events().iter().any(|event| event.contains("IN_OPEN")));
    std::fs::write(&file, "other").unwrap();
    assert!(watcher.events().iter().any(|event| event.contains("IN_MODIFY")));
    std::fs::write(folder.path().join("new"), "").unwrap();
    assert!(watcher.events().iter().any(|event| event.contains("IN_CREATE")));
}
