//! What each file takes from which other.
//! In: the tree of modules. Out: one import for each path that leads to another file, followed through `pub use`.
//! Never an import: code under `#[cfg(test)]`, and a `pub use` by itself, which passes a name on and does not need it.

use super::items::{Path, Role};
use super::modules::{Modules, What, top};

/// One name that a file takes from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Import {
    pub from: String,
    pub from_top: String,
    pub line: usize,
    pub to: String,
    pub to_top: String,
    pub name: String,
    /// Whether it names no more than the module, as `use crate::planner;`: what is taken from it follows.
    pub module: bool,
    /// A `pub use`.
    pub passed_on: bool,
}

/// Every import of the code that is shipped.
pub fn imports(modules: &Modules) -> Vec<Import> {
    let mut found = Vec::new();
    for (name, module) in modules.shipped() {
        let scope = modules.scope(module);
        let public: Vec<_> = scope.uses.iter().filter_map(passed_on).collect();
        for path in scope.uses.iter().chain(&scope.mentions) {
            // A bare word is a use of an import only where it can be told from a variable.
            if path.segments.len() > 1 || is_used_import(path, &public) {
                found.extend(targets(modules, name, path));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn passed_on(path: &Path) -> Option<&'static str> {
    match path.role {
        Role::Use { name, public: true, .. } => Some(name),
        _ => None,
    }
}

fn is_used_import(path: &Path, public: &[&str]) -> bool {
    let name = path.segments[0];
    match path.role {
        Role::Mention { called } => {
            public.contains(&name) && (called || name.starts_with(|c: char| c.is_uppercase()))
        }
        _ => true,
    }
}

fn targets(modules: &Modules, at: &str, path: &Path) -> Vec<Import> {
    let from = &modules.all[at].file;
    let import = |to_top: &str, to: &str, name: &str, module: bool| Import {
        from: from.clone(),
        from_top: top(at).to_owned(),
        line: path.line,
        to: to.to_owned(),
        to_top: to_top.to_owned(),
        name: name.to_owned(),
        module,
        passed_on: matches!(path.role, Role::Use { public: true, .. } | Role::Glob { public: true }),
    };
    let targets = modules.resolve(at, &path.segments);
    let mut found: Vec<_> = targets
        .iter()
        .map(|target| {
            let to = &modules.all[&target.module].file;
            match &target.what {
                What::Module if matches!(path.role, Role::Glob { .. }) => {
                    import(top(&target.module), to, "*", false)
                }
                What::Module => import(top(&target.module), to, "", true),
                What::Item(name) | What::Unseen(name) => import(top(&target.module), to, name, false),
            }
        })
        .collect();
    // The module that the path names counts as well where another one owns what it leads to.
    if let Some(named) = named_top(modules, at, &path.segments).filter(|_| !targets.is_empty()) {
        found.extend(modules.all.get(&named).map(|module| import(top(&named), &module.file, "", true)));
    }
    found
}

/// The top-level module that a path names right after its crate.
fn named_top(modules: &Modules, at: &str, segments: &[&str]) -> Option<String> {
    let root = at.split("::").next().unwrap_or(at);
    let supers = segments.iter().take_while(|segment| **segment == "super").count();
    let depth = at.matches("::").count();
    let (crate_name, name) = match segments[0] {
        "crate" => (root, segments.get(1)),
        "trunkform" => ("lib", segments.get(1)),
        _ if supers > 0 && supers == depth => (root, segments.get(supers)),
        _ => return None,
    };
    Some(format!("{crate_name}::{}", name?)).filter(|name| modules.all.contains_key(name))
}
