//! The modules of both crates, and which of them owns what a path names.
//! In: the house. Out: the tree of modules from `lib.rs` and `main.rs`, and for a path the module and the file of its target.
//! Never guesses: a name that no module is seen to define belongs to the last module of its path.

use std::collections::{BTreeMap, BTreeSet};

use super::house::House;
use super::items::{Child, Path, Role, Scope};

/// The roots: the library, which the binary calls `trunkform`, and the binary.
const ROOTS: &[(&str, &str)] = &[("lib", "src/lib.rs"), ("main", "src/main.rs")];

/// A module: a file, or an inline module of one.
#[derive(Debug)]
pub struct Module {
    pub file: String,
    pub scope: usize,
    /// Compiled for tests only.
    pub test: bool,
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The module that defines it, as `lib::planner::order`.
    pub module: String,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The module itself.
    Module,
    /// An item of the module.
    Item(String),
    /// A name that the module is not seen to define: made by a macro, or not there.
    Unseen(String),
}

/// The tree of modules.
#[derive(Debug)]
pub struct Modules {
    house: House,
    pub all: BTreeMap<String, Module>,
    /// `mod name;` without a file.
    pub missing: Vec<String>,
}

impl Modules {
    pub fn of(house: House) -> Self {
        let mut modules = Self { house, all: BTreeMap::new(), missing: Vec::new() };
        for (root, file) in ROOTS {
            let module = Module { file: (*file).to_owned(), scope: 0, test: false };
            modules.add((*root).to_owned(), module, "src/");
        }
        modules
    }

    /// Adds a module and its children; `folder` is where the files of the children are.
    fn add(&mut self, name: String, module: Module, folder: &str) {
        let (file, test) = (module.file.clone(), module.test);
        let children = self.scope(&module).children.clone();
        self.all.insert(name.clone(), module);
        for child in children {
            let test = test || child.test;
            let key = format!("{name}::{}", child.name);
            if let Some(scope) = child.scope {
                self.add(
                    key,
                    Module { file: file.clone(), scope, test },
                    &format!("{folder}{}/", child.name),
                );
                continue;
            }
            match files_of(&child, &file, folder).into_iter().find(|f| self.house.files.contains_key(f)) {
                Some(found) => {
                    let below = format!("{folder}{}/", child.name);
                    self.add(key, Module { file: found, scope: 0, test }, &below);
                }
                None => self.missing.push(format!("{file}: `mod {};` has no file", child.name)),
            }
        }
    }

    pub fn scope(&self, module: &Module) -> &Scope {
        &self.house.files[&module.file].scopes[module.scope]
    }

    /// The modules that are not for tests only, with their names.
    pub fn shipped(&self) -> impl Iterator<Item = (&String, &Module)> {
        self.all.iter().filter(|(_, module)| !module.test)
    }

    /// The files that are not for tests only.
    pub fn shipped_files(&self) -> BTreeSet<&str> {
        self.shipped().map(|(_, module)| module.file.as_str()).collect()
    }

    /// What a path in a module leads to: nothing where it leads out of the crates, several where a name is module and function.
    pub fn resolve(&self, at: &str, segments: &[&str]) -> Vec<Target> {
        let mut walk = Walk { modules: self, found: BTreeSet::new(), seen: BTreeSet::new() };
        walk.from(at, segments);
        walk.found.into_iter().collect()
    }

    fn child(&self, at: &str, name: &str) -> Option<String> {
        Some(format!("{at}::{name}")).filter(|key| self.all.contains_key(key))
    }
}

/// Where the file of a child may be.
fn files_of(child: &Child, parent: &str, folder: &str) -> Vec<String> {
    let own = &parent[..=parent.rfind('/').unwrap()];
    match child.path {
        Some(path) => vec![format!("{own}{path}")],
        None => vec![format!("{folder}{}.rs", child.name), format!("{folder}{}/mod.rs", child.name)],
    }
}

/// The first part of a module's name after the crate, as `planner`; the crate's own for its root.
pub fn top(module: &str) -> &str {
    let mut parts = module.split("::");
    let root = parts.next().unwrap_or(module);
    parts.next().unwrap_or(root)
}

/// The `use`s of a scope that bring a name in.
pub fn imports_of<'a>(scope: &'a Scope, wanted: &str) -> impl Iterator<Item = &'a Path> {
    scope.uses.iter().filter(move |path| matches!(path.role, Role::Use { name, .. } if name == wanted))
}

struct Walk<'a> {
    modules: &'a Modules,
    found: BTreeSet<Target>,
    seen: BTreeSet<(String, String)>,
}

impl Walk<'_> {
    /// Follows a path as it is written in a module.
    fn from(&mut self, at: &str, segments: &[&str]) {
        let Some(head) = segments.first() else { return };
        let root = at.split("::").next().unwrap_or(at);
        match *head {
            "crate" => self.into(root, &segments[1..]),
            "trunkform" if !self.has(at, head) => self.into("lib", &segments[1..]),
            "self" => self.into(at, &segments[1..]),
            "super" => {
                let parent = at.rfind("::").map_or(at, |end| &at[..end]);
                match segments.get(1) {
                    Some(&"super") => self.from(parent, &segments[1..]),
                    _ => self.into(parent, &segments[1..]),
                }
            }
            _ if self.has(at, head) => self.into(at, segments),
            // A name of another crate, of the language, or of the function around.
            _ => {}
        }
    }

    fn has(&self, at: &str, name: &str) -> bool {
        let scope = self.modules.scope(&self.modules.all[at]);
        self.modules.child(at, name).is_some()
            || scope.items.contains(&name)
            || imports_of(scope, name).next().is_some()
    }

    /// Follows what is left of a path, from a module on.
    fn into(&mut self, at: &str, segments: &[&str]) {
        let Some(name) = segments.first() else {
            self.found.insert(Target { module: at.to_owned(), what: What::Module });
            return;
        };
        if !self.seen.insert((at.to_owned(), segments.join("::"))) {
            return;
        }
        let scope = self.modules.scope(&self.modules.all[at]);
        let child = self.modules.child(at, name);
        if let Some(child) = &child {
            self.into(child, &segments[1..]);
        }
        if child.is_some() && segments.len() > 1 {
            return;
        }
        let mut known = child.is_some();
        // A function and a module that is brought in may have one name.
        if scope.items.contains(name) {
            known = true;
            self.found.insert(Target { module: at.to_owned(), what: What::Item((*name).to_owned()) });
        }
        for import in imports_of(scope, name) {
            known = true;
            // `use diff::diff` of another crate names itself.
            if child.is_none() && import.segments[0] == *name {
                continue;
            }
            self.from(at, &[import.segments.as_slice(), &segments[1..]].concat());
        }
        known = known || self.through_globs(at, segments);
        if !known {
            self.found.insert(Target { module: at.to_owned(), what: What::Unseen((*name).to_owned()) });
        }
    }

    /// Follows a name that `use a::*` may have brought into a module.
    fn through_globs(&mut self, at: &str, segments: &[&str]) -> bool {
        let scope = self.modules.scope(&self.modules.all[at]);
        let globs: Vec<_> = scope.uses.iter().filter(|path| matches!(path.role, Role::Glob { .. })).collect();
        let mut known = false;
        for glob in globs {
            let mut walk = Walk { modules: self.modules, found: BTreeSet::new(), seen: self.seen.clone() };
            walk.from(at, &glob.segments);
            for target in walk.found {
                if target.what == What::Module && target.module != at && self.has(&target.module, segments[0])
                {
                    self.into(&target.module, segments);
                    known = true;
                }
            }
        }
        known
    }
}
