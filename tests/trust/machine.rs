//! Another user of the machine, a page in somebody's browser, and whoever may write to the store of leases.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, TOKEN};

const FILE: &str =
    "provider: kalem\ntrunks:\n  - {name: A, direction: inbound, auth_type: ip, host: pbx.example.com}\n";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_a_run_keeps_is_readable_by_its_owner_alone() {
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    fs::create_dir(attack.scratch("lease")).unwrap();
    let [journal, state, lease] = ["journal", "state.json", "lease"].map(|name| attack.scratch(name));
    let plain = attack.command(&[
        "apply",
        "--auto-approve",
        "--journal",
        journal.to_str().unwrap(),
        &format!("--sandbox={}", state.display()),
        "--lock",
        lease.to_str().unwrap(),
    ]);
    // Whatever the umask allows.
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000 && exec \"$0\" \"$@\""]).arg(plain.get_program()).args(plain.get_args());
    command.current_dir(attack.path("")).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    attack.finish(command).stdout_of(0);
    assert_eq!([mode(&journal), mode(&state)], [0o600, 0o600]);
    let records: Vec<_> =
        fs::read_dir(lease.join("trunkform-lease")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!records.is_empty());
    assert!(records.iter().all(|record| mode(record) == 0o600), "{records:?}");
}

#[test]
fn a_web_page_can_not_use_the_sandbox() {
    let live = Live::start(json!({}));
    let address = live.sandbox.base().trim_start_matches("http://").to_owned();
    let ask = |host: &str| {
        let mut stream = TcpStream::connect(&address).unwrap();
        let request = format!(
            "GET /kalem/api/v1/trunks HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let port = address.rsplit(':').next().unwrap();
    for own in [address.clone(), format!("localhost:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(ask(&own), "200", "{own}");
    }
    for foreign in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.nip.io:{port}"),
        format!("localhost.evil.example:{port}"),
    ] {
        assert!(["403", "421"].contains(&ask(&foreign).as_str()), "{foreign}");
    }
}

#[test]
fn a_file_of_variables_that_others_may_write_is_refused() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    let variables = attack.scratch("variables");
    fs::write(&variables, format!("TRUNKFORM_TOKEN_KALEM={TOKEN}\n")).unwrap();
    for (bits, code) in [(0o600, 0), (0o400, 0), (0o620, 1), (0o602, 1), (0o666, 1)] {
        fs::set_permissions(&variables, fs::Permissions::from_mode(bits)).unwrap();
        let mut command = attack.command(&["plan"]);
        command.env("TRUNKFORM_ENV_FILE", &variables).env("TRUNKFORM_URL_KALEM", live.base());
        let run = attack.finish(command);
        assert_eq!(run.code, code, "{bits:o}: {run:?}");
    }
}

#[test]
fn a_lease_record_gives_no_command_to_a_log() {
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    let lease = attack.scratch("lease");
    fs::create_dir(&lease).unwrap();
    let lock = lease.display().to_string();
    let apply = ["apply", "--auto-approve", "--sandbox=../scratch/state", "--lock", lock.as_str()];
    let mut command = attack.command(&apply);
    command.env("CI_JOB_URL", "https://ci.example/##vso[task.prependpath]/x\u{3164}::error::y");
    attack.finish(command).stdout_of(0);
    // As if that run still held it.
    let records = lease.join("trunkform-lease");
    let mut paths: Vec<_> = fs::read_dir(&records).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let held = fs::read_to_string(&paths[0]).unwrap();
    let held: serde_json::Value = serde_json::from_str(&held).unwrap();
    let mut held = held;
    for (key, value) in held.as_object_mut().unwrap() {
        if value.as_str().is_some_and(|text| text.ends_with('Z') && text.starts_with("20")) {
            let year = if key.contains("until") || key.contains("expire") {
                "2999-01-01T00:00:00Z"
            } else {
                "2026-01-01T00:00:00Z"
            };
            *value = json!(year);
        }
    }
    paths.iter().skip(1).for_each(|path| fs::remove_file(path).unwrap());
    fs::write(&paths[0], held.to_string()).unwrap();
    let run = attack.run(&apply);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("ci.example"), "the holder is named: {run:?}");
    assert!(!run.stderr.contains("##vso[") && !run.stderr.contains('\u{3164}'), "{run:?}");
}
