//! The pipeline for GitLab: its jobs, run with stand-ins.
//! In: the variables of a pipeline. Out: the lines that the stand-ins wrote down.
//! Evaluates no rule: what they must say is compared.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::{COMMIT, sources, stubs, written, yaml};

const IMAGE: (&str, &str) = ("TRUNKFORM_IMAGE", "rust@sha256:0");

fn lines(job: &Json, key: &str) -> String {
    let list = job[key].as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().map(|line| format!("{}\n", line.as_str().unwrap_or_default())).collect()
}

/// Runs jobs one after another in one folder, as artifacts would have it; the exit code of the last.
fn run(folder: &Path, pipeline: &Json, jobs: &[&str], variables: &[(&str, &str)]) -> i32 {
    let mut code = 0;
    for name in jobs {
        let job = &pipeline[*name];
        assert_eq!(job["extends"], ".trunkform", "{name}");
        let script = format!("{}{}", lines(&pipeline[".trunkform"], "before_script"), lines(job, "script"));
        let path = format!("{}:/usr/bin:/bin", folder.join("path").display());
        let mut env = vec![("PATH".to_owned(), path), ("JOB".to_owned(), (*name).to_owned())];
        let scope = job["environment"]["name"].as_str();
        env.extend(scope.map(|scope| ("TRUNKFORM_TOKEN_KALEM".to_owned(), format!("secret@{scope}"))));
        let own = job["variables"].as_object().into_iter().flatten();
        env.extend(own.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())));
        env.extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        code = stubs::run(&script, &folder.join("project"), folder, &env).0;
        if code != 0 {
            break;
        }
    }
    code
}

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    stubs::install(folder.path());
    fs::create_dir(folder.path().join("project")).unwrap();
    crate::support::git(&folder.path().join("project"), &["init", "--quiet"]);
    folder
}

fn pipeline(source: &str, folder: &Path) -> Json {
    yaml::read(&written("gitlab", Some(source)).replace(crate::SHA256, &stubs::archive_hash(folder)))
}

#[test]
fn the_recipe_is_what_init_writes() {
    let recipe = concat!(env!("CARGO_MANIFEST_DIR"), "/ci/gitlab-ci.yml");
    assert_eq!(fs::read_to_string(recipe).unwrap(), written("gitlab", None));
}

#[test]
fn a_merge_request_is_planned_since_its_target_and_a_push_since_what_was_before() {
    for source in sources() {
        let folder = project();
        let pipeline = pipeline(&source, folder.path());
        let jobs = ["build", "validate", "plan"];
        let merge =
            [IMAGE, ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"), ("CI_COMMIT_BEFORE_SHA", "0000")];
        assert_eq!(run(folder.path(), &pipeline, &jobs, &merge), 0, "{source}");
        let counts = fs::read_to_string(folder.path().join("project/trunkform-kit/counts.json")).unwrap();
        assert_eq!(counts, "{\"create\":5,\"update\":2,\"delete\":12}\n");
        let push = [IMAGE, ("CI_COMMIT_BEFORE_SHA", COMMIT), ("TRUNKFORM_LOCK", "s3://bucket/lock")];
        assert_eq!(run(folder.path(), &pipeline, &["build", "plan", "apply"], &push), 0, "{source}");
        let log = fs::read_to_string(folder.path().join("log")).unwrap();
        let ours: Vec<_> =
            log.lines().filter(|line| line.contains(": trunkform ")).map(str::trim_end).collect();
        let token = |scope: &str| format!("TRUNKFORM_TOKEN_KALEM=secret@{scope}");
        assert_eq!(
            ours,
            [
                "validate: trunkform validate --format junit |TRUNKFORM_IMAGE=rust@sha256:0".to_owned(),
                format!(
                    "plan: trunkform plan --out trunkform-kit/trunkform.plan --since origin/main |TRUNKFORM_IMAGE=rust@sha256:0 {}",
                    token("phones-plan")
                ),
                format!(
                    "plan: trunkform plan --out trunkform-kit/trunkform.plan --since {COMMIT} |TRUNKFORM_IMAGE=rust@sha256:0 {}",
                    token("phones-plan")
                ),
                format!(
                    "apply: trunkform apply --plan trunkform-kit/trunkform.plan --journal trunkform-kit/apply.journal --lock s3://bucket/lock |TRUNKFORM_IMAGE=rust@sha256:0 {}",
                    token("phones")
                ),
            ]
        );
        assert!(
            log.lines().filter(|line| line.starts_with("build:")).all(|line| !line.contains("secret@")),
            "{log}"
        );
    }
}

#[test]
fn a_first_push_has_nothing_before_it_and_a_replacement_counts_twice_with_the_real_program() {
    let folder = project();
    let pipeline = pipeline(&sources()[0], folder.path());
    let zeros = [IMAGE, ("CI_COMMIT_BEFORE_SHA", "0000000000000000000000000000000000000000")];
    assert_eq!(run(folder.path(), &pipeline, &["build", "plan"], &zeros), 0);
    assert!(!fs::read_to_string(folder.path().join("log")).unwrap().contains("--since"));
    // The same text, on a plan of the real program: a trunk and two numbers are replaced in it.
    let kit = folder.path().join("project/trunkform-kit");
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/10-bolna-number-moves/plan.json");
    fs::copy(real, kit.join("trunkform.plan")).unwrap();
    let count = pipeline["plan"]["script"][1].as_str().unwrap();
    let env = [("PATH".to_owned(), "/usr/bin:/bin".to_owned())];
    assert_eq!(stubs::run(count, &folder.path().join("project"), folder.path(), &env).0, 0);
    assert_eq!(
        fs::read_to_string(kit.join("counts.json")).unwrap(),
        "{\"create\":2,\"update\":0,\"delete\":2}\n"
    );
}

#[test]
fn what_is_not_pinned_or_comes_with_the_repository_stops_a_job() {
    let folder = project();
    let pipeline = pipeline(&sources()[0], folder.path());
    for image in ["", "rust:1.95-bookworm", "rust"] {
        assert_eq!(run(folder.path(), &pipeline, &["build"], &[("TRUNKFORM_IMAGE", image)]), 1, "{image}");
    }
    let none = yaml::read(&written("gitlab", None));
    assert_eq!(run(folder.path(), &none, &["build"], &[IMAGE]), 1);
    assert!(!folder.path().join("log").exists());
    assert_eq!(run(folder.path(), &pipeline, &["build"], &[IMAGE]), 0);
    crate::support::git(&folder.path().join("project"), &["add", "--force", "trunkform-kit/bin/trunkform"]);
    assert_eq!(run(folder.path(), &pipeline, &["plan"], &[IMAGE]), 1);
    assert!(!fs::read_to_string(folder.path().join("log")).unwrap().contains("trunkform plan"));
}

#[test]
fn rights_and_tokens_are_where_they_are_needed_and_nowhere_else() {
    for source in sources().iter().map(|source| Some(&**source)).chain([None]) {
        let pipeline = yaml::read(&written("gitlab", source));
        for name in ["build", "validate", "plan", "apply"] {
            let job = &pipeline[name];
            let environment = job["environment"]["name"].as_str();
            assert_eq!(
                environment,
                [("plan", "phones-plan"), ("apply", "phones")]
                    .into_iter()
                    .find(|(job, _)| *job == name)
                    .map(|(_, scope)| scope)
            );
            assert_eq!(job["artifacts"]["access"], "developer");
            assert!(["1 day", "5 days"].contains(&job["artifacts"]["expire_in"].as_str().unwrap()));
            let compiles =
                ["cargo ", "curl ", "docker "].iter().any(|program| job.to_string().contains(program));
            assert!(!compiles || name == "build", "{name}");
        }
        let rules = pipeline["plan"]["rules"].to_string();
        assert!(rules.contains("$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"));
        assert_eq!(pipeline["apply"]["rules"].as_array().unwrap().len(), 1);
        assert_eq!(pipeline["apply"]["resource_group"], "phones");
        assert_eq!(pipeline[".trunkform"]["cache"], serde_json::json!([]));
    }
}
