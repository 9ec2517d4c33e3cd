//! The house keeps its shape: who may import whom, how long a file and a function may get, and who may name a platform.

#![allow(clippy::unwrap_used, reason = "a test stops where it can't go on")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules of the crate that it may import. What stands above knows nothing of what stands below.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("sandbox", &[]),
    ("api", &["model"]),
    ("provider", &["api", "model"]),
    ("config", &["model", "provider"]),
    ("explain", &["model"]),
    ("layout", &["config"]),
    ("observe", &["api", "model", "provider"]),
    ("scope", &["model"]),
    ("since", &["model", "scope"]),
    ("diff", &["model"]),
    ("planner", &["diff", "model", "provider"]),
    ("render", &["model", "explain"]),
    ("apply", &["api", "model"]),
    ("lease", &["api"]),
    ("undo", &["diff", "model", "provider", "scope"]),
    ("export", &["config", "diff", "model", "provider", "scope"]),
    ("layout", &[]),
    ("cli", &["model"]),
    (
        "command",
        &[
            "api", "apply", "cli", "config", "diff", "explain", "export", "layout", "lease", "model",
            "observe", "planner", "provider", "render", "sandbox", "scope", "since", "undo",
        ],
    ),
];

/// Stages that do no I/O, read no clock and no environment (DESIGN section 2).
const PURE: &[&str] = &["model", "scope", "since", "diff", "planner", "render", "undo", "export", "layout"];

/// What a pure stage must not mention.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "TcpStream",
    "tokio::",
    "reqwest",
    "SystemTime",
    "object_store",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
];

const FILE_CAP: usize = 300;
const FUNCTION_CAP: usize = 60;

struct Source {
    path: PathBuf,
    module: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") && !is_test_code(&path) {
            let inside = path.strip_prefix(&root).unwrap();
            let module = inside
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .trim_end_matches(".rs")
                .to_owned();
            found.push(Source { text: fs::read_to_string(&path).unwrap(), module, path });
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}

/// Files that are compiled for tests only.
fn is_test_code(path: &Path) -> bool {
    path.components().any(|c| c.as_os_str() == "tests")
        || path.ends_with("tests.rs")
        || path.ends_with("fixture.rs")
}

/// The code without its unit tests and without comments.
fn code(text: &str) -> String {
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    body.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn imports(code: &str) -> BTreeSet<String> {
    code.split("crate::")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
        .map(str::to_owned)
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn modules_import_only_what_stands_above_them() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(module, _)| *module == source.module) else {
            assert!(
                ["main", "lib"].contains(&source.module.as_str()),
                "{}: a module that the table does not know",
                source.path.display()
            );
            continue;
        };
        for import in imports(&code(&source.text)) {
            if import != source.module && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_stages_touch_nothing_outside() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|s| PURE.contains(&s.module.as_str())) {
        let code = code(&source.text);
        wrong.extend(
            OUTSIDE
                .iter()
                .filter(|word| code.contains(**word))
                .map(|word| format!("{} mentions {word}", source.path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_providers_and_the_sandbox_name_a_platform() {
    let mut wrong = Vec::new();
    for source in
        sources().iter().filter(|s| !["provider", "sandbox", "explain"].contains(&s.module.as_str()))
    {
        for (at, line) in code(&source.text).lines().enumerate() {
            if ["kalem", "bolna", "talkover"].iter().any(|platform| line.to_lowercase().contains(platform)) {
                wrong.push(format!(
                    "{} (line {} of its code): {}",
                    source.path.display(),
                    at + 1,
                    line.trim()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_apply_can_write_to_a_platform() {
    let may = ["api", "apply"];
    let writers = sources().into_iter().filter(|s| !may.contains(&s.module.as_str()));
    let writers =
        writers.filter(|s| code(&s.text).contains("Writer::over") || code(&s.text).contains("reqwest"));
    let paths: Vec<_> = writers.map(|source| source.path).collect();
    assert!(paths.len() == 1 && paths[0].ends_with("src/command/apply/mod.rs"), "{paths:?}");
}

#[test]
fn files_and_functions_stay_small() {
    let mut wrong = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines > FILE_CAP {
            wrong.push(format!(
                "{} has {lines} lines (cap {FILE_CAP}): which noun is missing?",
                source.path.display()
            ));
        }
        wrong.extend(long_functions(&source.text).into_iter().map(|(name, n)| {
            format!("{}: {name} has {n} lines (cap {FUNCTION_CAP})", source.path.display())
        }));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Functions over the cap; relies on rustfmt's layout: a function ends at the first `}` as far to the left as its `fn`.
fn long_functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let is_function = [
            "fn ",
            "pub fn ",
            "async fn ",
            "pub async fn ",
            "pub(crate) fn ",
            "pub(super) fn ",
            "const fn ",
            "pub const fn ",
        ]
        .iter()
        .any(|p| trimmed.starts_with(p));
        if !is_function || trimmed.ends_with(';') || trimmed.ends_with('}') {
            continue;
        }
        let indent = line.len() - trimmed.len();
        let end = lines[start..]
            .iter()
            .position(|l| l.trim_start().starts_with('}') && l.len() - l.trim_start().len() == indent);
        if let Some(length) = end.map(|n| n + 1).filter(|n| *n > FUNCTION_CAP) {
            long.push((trimmed.to_owned(), length));
        }
    }
    long
}

#[test]
fn the_function_cap_sees_a_long_function() {
    let text = format!("fn long() {{\n{}}}\nfn short() {{\n}}\n", "    x();\n".repeat(60));
    assert_eq!(long_functions(&text).len(), 1);
}
