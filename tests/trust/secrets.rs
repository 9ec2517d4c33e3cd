//! A pull request that wants a secret of the job to be sent to a platform, or a reviewer not to see which one is.

use std::fs;

use serde_json::{Value as Json, json};

use crate::attack::{Attack, JOB_SECRET};
use crate::support::{Live, Run};

/// A trunk whose password comes from somewhere.
fn file(source: &str) -> String {
    format!(
        "provider: kalem\ntrunks:\n  - {{name: A, direction: outbound, auth_type: digest, username: u, password: {source}, outbound_server: sip.example.com}}\n"
    )
}

/// A run against a platform that shows what it was sent.
fn run(attack: &Attack, live: &Live, args: &[&str]) -> Run {
    let mut command = attack.command(args);
    command
        .env("TRUNKFORM_URL_KALEM", live.base())
        .env("TRUNKFORM_TOKEN_KALEM", crate::support::TOKEN)
        .env("AWS_SECRET_ACCESS_KEY", JOB_SECRET)
        .env("GITHUB_TOKEN", JOB_SECRET)
        .env("CI_JOB_TOKEN", JOB_SECRET)
        .env("CARRIER_PASSWORD", "an-honest-password");
    attack.finish(command)
}

#[test]
fn a_file_outside_the_folder_is_never_sent_as_a_password() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.link("../../outside/password", "lines/link");
    attack.link("../../outside", "lines/way");
    attack.link("/proc/self/environ", "lines/environ");
    attack.link("../lines/link", "lines/round");
    attack.commit();
    attack.write(".git/password", "hunter2hunter2");
    attack.write("lines/.git/password", "hunter2hunter2");
    let absolute = attack.outside("password").display().to_string();
    for path in [
        "link",
        "round",
        "way/password",
        "environ",
        "../../outside/password",
        "/proc/self/environ",
        "/dev/stdin",
        "../.git/password",
        ".git/password",
        ".GIT/password",
        "./.git/password",
        "x/../.git/password",
        &absolute,
    ] {
        attack.write("lines/trunkform.yaml", &file(&format!("{{file: {path:?}}}")));
        for args in
            [&["apply", "--auto-approve", "lines"][..], &["apply", "--auto-approve", "lines/trunkform.yaml"]]
        {
            let refused = run(&attack, &live, args);
            assert_eq!(refused.code, 1, "{path}: {refused:?}");
        }
    }
    assert_eq!(live.writes(), "", "nothing was sent");
}

#[test]
fn a_link_that_appears_before_apply_is_not_followed() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", &file("{file: password}"));
    attack.write("lines/password", "an-honest-password");
    let plan = attack.scratch("plan.json").display().to_string();
    run(&attack, &live, &["plan", "lines", "--out", &plan]).stdout_of(0);
    for target in [
        "/proc/self/environ".to_owned(),
        attack.outside("password").display().to_string(),
        "../../outside/password".into(),
    ] {
        attack.link(target, "lines/password");
        let refused = run(&attack, &live, &["apply", "--plan", &plan]);
        assert_eq!(refused.code, 1, "{refused:?}");
    }
    fs::remove_file(attack.path("lines/password")).unwrap();
    fs::remove_dir_all(attack.path("lines")).unwrap();
    attack.link("../outside", "lines");
    assert_eq!(run(&attack, &live, &["apply", "--plan", &plan]).code, 1, "the folder became a link");
    assert_eq!(live.writes(), "", "nothing was sent");
}

#[test]
fn a_variable_of_the_job_is_never_sent() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    let names = [
        "AWS_SECRET_ACCESS_KEY",
        "GITHUB_TOKEN",
        "CI_JOB_TOKEN",
        "TRUNKFORM_TOKEN_KALEM",
        "HOME",
        "PATH",
        "SSH_AUTH_SOCK",
        "NPM_TOKEN",
    ];
    for name in names {
        attack.write("lines/trunkform.yaml", &file(&format!("{{env: {name}}}")));
        for args in [&["validate", "lines"][..], &["plan", "lines"], &["apply", "--auto-approve", "lines"]] {
            let refused = run(&attack, &live, args);
            assert_eq!(refused.code, 1, "{name}, {args:?}: {refused:?}");
            let printed = format!("{}{}", refused.stdout, refused.stderr);
            assert!(printed.contains(name) && printed.contains("trunkform.yaml:3:"), "{refused:?}");
        }
    }
    // What the operator allows is all that may be used.
    for (allowed, code) in
        [("CARRIER_*", 0), ("SIP_* CARRIER_PASSWORD", 0), ("SIP_*", 1), ("", 1), ("carrier_*", 1)]
    {
        attack.write("lines/trunkform.yaml", &file("{env: CARRIER_PASSWORD}"));
        let mut command = attack.command(&["validate", "lines"]);
        command.env("TRUNKFORM_SECRET_ENV", allowed);
        assert_eq!(attack.finish(command).code, code, "{allowed:?}");
    }
    assert_eq!(live.writes(), "", "nothing was sent");
}

#[test]
fn every_plan_names_the_sources_of_secrets() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", &file("{env: CARRIER_PASSWORD}"));
    for again in [false, true] {
        for format in ["human", "markdown", "html", "diff", "json"] {
            let plan = run(&attack, &live, &["plan", "lines", "--format", format]).stdout_of(0);
            assert!(plan.contains("env CARRIER_PASSWORD"), "{format}, again: {again}: {plan}");
        }
        if again {
            break;
        }
        run(&attack, &live, &["apply", "--auto-approve", "lines"]).stdout_of(0);
    }
    let plan = run(&attack, &live, &["plan", "lines", "--format", "json"]).stdout_of(0);
    let secrets = serde_json::from_str::<Json>(&plan).unwrap()["trunkform"]["secrets"].clone();
    assert_eq!(
        secrets,
        json!([{"address": "kalem.trunk.A", "attribute": "password", "from": "env CARRIER_PASSWORD"}])
    );
}
