//! The workflow for GitHub: each job of each event, run with stand-ins.
//! In: an event. Out: the lines that the stand-ins wrote down.
//! Knows of GitHub's expressions only those that the workflow has.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::{COMMIT, sources, stubs, written, yaml};

const ZEROS: &str = "0000000000000000000000000000000000000000";

/// A run of the workflow.
struct Run {
    folder: tempfile::TempDir,
    workflow: Json,
    context: BTreeMap<String, String>,
    results: BTreeMap<String, &'static str>,
}

impl Run {
    fn of(workflow: &str, event: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        stubs::install(folder.path());
        let workflow = workflow.replace(crate::SHA256, &stubs::archive_hash(folder.path()));
        let mut context: BTreeMap<String, String> =
            event.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        context.insert("github.repository".into(), "org/phones".into());
        context.insert("github.token".into(), "github@run".into());
        context.insert("vars.TRUNKFORM_LOCK".into(), "s3://bucket/lock".into());
        let mut run = Self { folder, workflow: yaml::read(&workflow), context, results: BTreeMap::new() };
        run.jobs();
        run
    }

    /// What the stand-ins wrote down.
    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn result(&self, job: &str) -> &str {
        self.results.get(job).copied().unwrap_or("none")
    }

    fn jobs(&mut self) {
        let jobs = self.workflow["jobs"].as_object().unwrap().clone();
        for (name, job) in &jobs {
            let needs = match &job["needs"] {
                Json::String(one) => vec![one.as_str()],
                Json::Array(many) => many.iter().map(|need| need.as_str().unwrap()).collect(),
                _ => vec![],
            };
            let good = needs.iter().all(|need| self.result(need) == "success");
            let runs = match job["if"].as_str() {
                Some(condition) if condition.contains("success()") => self.holds(condition),
                Some(condition) => good && self.holds(condition),
                None => good,
            };
            let result = if !runs { "skipped" } else { self.job(name, job) };
            self.results.insert(name.clone(), result);
        }
    }

    fn job(&mut self, name: &str, job: &Json) -> &'static str {
        let temp = self.folder.path().join(format!("{name}.temp"));
        let workspace = self.folder.path().join(format!("{name}.workspace"));
        fs::create_dir_all(&temp).unwrap();
        fs::create_dir_all(&workspace).unwrap();
        self.context.insert("runner.temp".into(), temp.display().to_string());
        let environment = job["environment"].as_str().unwrap_or("repository").to_owned();
        self.context.insert("environment".into(), environment);
        let mut result = "success";
        for step in job["steps"].as_array().unwrap() {
            let condition = step["if"].as_str().unwrap_or("success");
            let always = condition.contains("failure()") || condition.contains("always()");
            if (result == "success" || always) && self.holds(condition) && !self.step(name, step, &workspace)
            {
                result = "failure";
            }
        }
        for (output, value) in job["outputs"].as_object().into_iter().flatten() {
            let value = self.filled(value.as_str().unwrap());
            self.context.insert(format!("needs.{name}.outputs.{output}"), value);
        }
        result
    }

    fn step(&mut self, job: &str, step: &Json, workspace: &Path) -> bool {
        let with = |key: &str| self.filled(step["with"][key].as_str().unwrap_or_default());
        let artifact = self.folder.path().join("artifacts").join(with("name"));
        match step["uses"].as_str().unwrap_or_default().split('@').next().unwrap() {
            "actions/checkout" => {
                assert_eq!(with("persist-credentials"), "false", "{job}");
                assert_ne!(job, "comment", "a job that may write checks nothing out");
                return true;
            }
            "actions/upload-artifact" => {
                let days: u32 = with("retention-days").parse().expect("an artifact ends");
                assert!((1..=5).contains(&days), "{job}: {days}");
                let from = workspace.join(with("path"));
                fs::create_dir_all(&artifact).unwrap();
                let copied = fs::copy(&from, artifact.join(from.file_name().unwrap())).is_ok();
                return copied || with("if-no-files-found") == "ignore";
            }
            "actions/download-artifact" => {
                let to = workspace.join(with("path"));
                fs::create_dir_all(&to).unwrap();
                let Ok(files) = fs::read_dir(&artifact) else { return false };
                for file in files.map(Result::unwrap) {
                    // An artifact is a zip without permissions.
                    fs::write(to.join(file.file_name()), fs::read(file.path()).unwrap()).unwrap();
                }
                return true;
            }
            "" => {}
            other => panic!("{other} has no stand-in"),
        }
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "{job}: an expression would be read by the shell: {script}");
        let at = |name: &str| self.folder.path().join(format!("{job}.{name}"));
        let path = fs::read_to_string(at("path")).unwrap_or_default();
        let path = format!("{}:{}:/usr/bin:/bin", path.trim(), self.folder.path().join("path").display());
        let file = |name: &str| at(name).display().to_string();
        let mut env = vec![
            ("PATH".to_owned(), path),
            ("JOB".to_owned(), job.to_owned()),
            ("RUNNER_TEMP".to_owned(), self.context["runner.temp"].clone()),
            ("GITHUB_PATH".to_owned(), file("path")),
            ("GITHUB_OUTPUT".to_owned(), file("output")),
            ("GITHUB_STEP_SUMMARY".to_owned(), file("summary")),
        ];
        let own = step["env"].as_object().into_iter().flatten();
        env.extend(own.map(|(name, value)| (name.clone(), self.filled(value.as_str().unwrap()))));
        env.extend(
            ["PLAN_EXIT", "VALIDATE_EXIT", "COMMENTS"].map(|name| (name.to_owned(), self.named(name))),
        );
        let (code, stderr) = stubs::run(script, workspace, self.folder.path(), &env);
        fs::write(at("stderr"), stderr).unwrap();
        let outputs = fs::read_to_string(at("output")).unwrap_or_default();
        let id = step["id"].as_str().unwrap_or_default();
        for (name, value) in outputs.lines().filter_map(|line| line.split_once('=')) {
            self.context.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
        code == 0
    }

    /// The value of a name in an expression.
    fn named(&self, name: &str) -> String {
        if let Some(text) = name.strip_prefix('\'') {
            return text.trim_end_matches('\'').to_owned();
        }
        match name.strip_prefix("secrets.") {
            Some(_) => format!("secret@{}", self.context["environment"]),
            None => self.context.get(name).cloned().unwrap_or_default(),
        }
    }

    fn holds(&self, condition: &str) -> bool {
        let condition = condition.replace("(success() || failure())", "").replace("always()", "");
        let any = |part: &str| part.split(" || ").any(|term| self.compares(term.trim()));
        condition.split(" && ").all(any)
    }

    fn compares(&self, term: &str) -> bool {
        match term.split_once(" == ") {
            Some((a, b)) => self.named(a.trim()) == self.named(b.trim()),
            None => term.is_empty() || term == "success",
        }
    }

    fn filled(&self, text: &str) -> String {
        let mut parts = text.split("${{ ");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once(" }}").unwrap();
            filled += &self.named(name);
            filled += rest;
        }
        filled
    }
}

const SAME: &[(&str, &str)] = &[
    ("github.event_name", "pull_request"),
    ("github.event.pull_request.head.repo.full_name", "org/phones"),
    ("github.event.pull_request.number", "7"),
    ("github.base_ref", "main"),
];
const FORK: &[(&str, &str)] = &[
    ("github.event_name", "pull_request"),
    ("github.event.pull_request.head.repo.full_name", "somebody/phones"),
    ("github.event.pull_request.number", "7"),
    ("github.base_ref", "main"),
];
const PUSH: &[(&str, &str)] = &[("github.event_name", "push"), ("github.event.before", COMMIT)];
const FIRST_PUSH: &[(&str, &str)] = &[("github.event_name", "push"), ("github.event.before", ZEROS)];

/// The calls of one job.
fn calls(log: &str, job: &str) -> Vec<String> {
    let ours = |line: &str| Some(line.strip_prefix(&format!("{job}: "))?.trim_end().to_owned());
    log.lines().filter_map(ours).collect()
}

#[test]
fn a_pull_request_is_planned_since_its_base_and_commented_by_a_job_without_a_platform_token() {
    for source in sources() {
        let run = Run::of(&written("github", Some(&source)), SAME);
        let log = run.log();
        assert!(calls(&log, "build").iter().all(|call| call.ends_with('|')), "no secret: {log}");
        assert_eq!(calls(&log, "validate"), ["trunkform validate --format github |"]);
        let out = run.folder.path().join("plan.temp/trunkform.plan");
        let plan = format!(
            "trunkform plan --out {} --format markdown --since origin/main |TRUNKFORM_TOKEN_KALEM=secret@phones-plan",
            out.display()
        );
        assert_eq!(calls(&log, "plan"), [plan]);
        let comment = calls(&log, "comment");
        assert!(
            comment.iter().all(|call| call.starts_with("gh api ") && call.ends_with("|GH_TOKEN=github@run"))
        );
        assert!(
            comment[1]
                .starts_with("gh api --silent repos/org/phones/issues/7/comments --field body=@comment.md")
        );
        let body = fs::read_to_string(run.folder.path().join("log.comments")).unwrap();
        assert_eq!(body, "<!-- trunkform workflow -->\nthe plan\n");
        assert_eq!(run.result("apply"), "skipped");
    }
}

#[test]
fn a_pull_request_from_a_fork_is_only_checked() {
    let run = Run::of(&written("github", Some(&sources()[0])), FORK);
    assert_eq!(["build", "validate"].map(|job| run.result(job)), ["success"; 2]);
    assert_eq!(["plan", "comment", "apply"].map(|job| run.result(job)), ["skipped"; 3]);
    assert!(!run.log().contains('@') || !run.log().contains("secret@"), "{}", run.log());
}

#[test]
fn a_push_is_planned_since_the_revision_before_it_and_applied_with_a_lock_and_a_journal() {
    for source in sources() {
        let run = Run::of(&written("github", Some(&source)), PUSH);
        let log = run.log();
        assert!(
            calls(&log, "plan")[0]
                .contains(&format!("--since {COMMIT} |TRUNKFORM_TOKEN_KALEM=secret@phones-plan"))
        );
        let apply = "trunkform apply --plan trunkform.plan --journal apply.journal --lock s3://bucket/lock |TRUNKFORM_TOKEN_KALEM=secret@phones";
        assert_eq!(calls(&log, "apply"), [apply]);
        assert_eq!(run.result("comment"), "skipped");
        assert_eq!(
            fs::read_to_string(run.folder.path().join("artifacts/trunkform-journal/apply.journal")).unwrap(),
            "journal\n"
        );
    }
}

#[test]
fn a_first_push_has_nothing_before_it() {
    let run = Run::of(&written("github", Some(&sources()[0])), FIRST_PUSH);
    assert!(!run.log().contains("--since"), "{}", run.log());
    assert_eq!(run.result("apply"), "success");
}

#[test]
fn nothing_is_applied_after_a_plan_that_failed_and_its_comment_is_written_all_the_same() {
    let failing = |event: &[(&'static str, &'static str)], what| {
        let event: Vec<_> = event.iter().copied().chain([(what, "1"), ("COMMENTS", "42")]).collect();
        Run::of(&written("github", Some(&sources()[0])), &event)
    };
    let run = failing(PUSH, "PLAN_EXIT");
    assert_eq!(["plan", "apply"].map(|job| run.result(job)), ["failure", "skipped"]);
    let run = failing(SAME, "PLAN_EXIT");
    assert_eq!(["plan", "comment"].map(|job| run.result(job)), ["failure", "success"]);
    assert!(run.log().contains("--method PATCH repos/org/phones/issues/comments/42 "), "{}", run.log());
    let run = failing(PUSH, "VALIDATE_EXIT");
    assert_eq!(["validate", "plan", "apply"].map(|job| run.result(job)), ["failure", "skipped", "skipped"]);
}

#[test]
fn without_a_source_the_build_stops_and_says_how_to_name_one() {
    let run = Run::of(&written("github", None), PUSH);
    assert_eq!(run.result("build"), "failure");
    assert_eq!(run.result("apply"), "skipped");
    assert_eq!(run.log(), "");
    let stderr = fs::read_to_string(PathBuf::from(run.folder.path()).join("build.stderr")).unwrap();
    assert!(stderr.contains("trunkform init --install SOURCE") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn an_archive_of_another_hash_is_not_unpacked() {
    let other = sources()[1].replace(crate::SHA256, &"a".repeat(64));
    let run = Run::of(&written("github", Some(&other)), PUSH);
    assert_eq!(run.result("build"), "failure");
    assert_eq!(run.result("plan"), "skipped");
}

#[test]
fn rights_and_tokens_are_where_they_are_needed_and_nowhere_else() {
    for source in sources().iter().map(|source| Some(&**source)).chain([None]) {
        let text = written("github", source);
        assert!(
            !text.contains("pull_request_target") && !text.contains("cache@") && !text.contains("cache:")
        );
        let workflow = yaml::read(&text);
        assert_eq!(workflow["permissions"], serde_json::json!({}));
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let text = job.to_string();
            let (environment, permissions) = match name.as_str() {
                "build" => (Json::Null, serde_json::json!({})),
                "validate" => (Json::Null, serde_json::json!({"contents": "read"})),
                "plan" => ("phones-plan".into(), serde_json::json!({"contents": "read"})),
                "comment" => (Json::Null, serde_json::json!({"pull-requests": "write"})),
                "apply" => ("phones".into(), serde_json::json!({})),
                other => panic!("{other}"),
            };
            assert_eq!((&job["environment"], &job["permissions"]), (&environment, &permissions), "{name}");
            let tokens = text.contains("secrets.");
            assert_eq!(tokens, ["plan", "apply"].contains(&name.as_str()), "{name}");
            let compiles = ["cargo ", "curl ", "docker "].iter().any(|program| text.contains(program));
            assert!(!compiles || name == "build", "{name}");
            assert_eq!(text.contains("github.token"), name == "comment", "{name}");
        }
    }
}
