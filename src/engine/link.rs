//! Refuses links where Trunkform writes.
//! In: a path that somebody named, or a default. Out: nothing, or why nothing is written there.
//! Writes nothing, and takes a device of the system for what it is.

use std::path::{Component, Path};

/// Where the links are the system's own, such as `/dev/stdout`.
const SYSTEM: [&str; 2] = ["/dev", "/proc"];

/// Refuses a path that is a link, or that leads through a link in the current folder: a pull request can add a link there, so that the file would be written elsewhere.
///
/// # Errors
/// A sentence that names the link.
pub fn refuse_link(path: &Path) -> Result<(), String> {
    let is_plain = !path.components().any(|part| part == Component::ParentDir);
    if is_plain && SYSTEM.iter().any(|system| path.starts_with(system)) {
        return Ok(());
    }
    let here = Path::new(".").canonicalize().ok();
    let is_here = |link: &Path| {
        let folder = link.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok();
        folder.zip(here.as_ref()).is_none_or(|(folder, here)| folder.starts_with(here))
    };
    let link = path.ancestors().find(|part| part.is_symlink() && (*part == path || is_here(part)));
    let Some(link) = link else { return Ok(()) };
    let why =
        if link == path { "it is a link".to_owned() } else { format!("`{}` is a link", link.display()) };
    Err(format!(
        "`{}` can't be written: {why}, and Trunkform writes through no link; delete the link, or name another file",
        path.display()
    ))
}
