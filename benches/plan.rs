//! What a plan without change costs: requests, the client's own CPU time, its peak memory, beside the budgets.
//!
//! `cargo bench --bench plan [-- TRUNKS NUMBERS]` (the size of the Kalem account) starts a sandbox in this process, runs the release binary against it as a process of its own,
//! and prints a table of figures with their ratio to the budget. Nothing is asserted: machines differ, ratios are what to look at.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::{Value as Json, json};
use trunkform::sandbox::{Options, Sandbox};

const RUNS: usize = 5;

/// An account of a platform as large as one may be, with a file that says the same.
struct Estate {
    platform: &'static str,
    mount: &'static str,
    trunks: usize,
    numbers: usize,
    /// The fewest requests that can read it all.
    requests: usize,
    file: String,
    live: Json,
}

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (trunks, numbers) = (sizes.first().copied().unwrap_or(500), sizes.get(1).copied().unwrap_or(10_000));
    println!("the median of {RUNS} runs; the sandbox runs in another process");
    for estate in [kalem(trunks, numbers), bolna(200, 10_000), talkover(40, 2_000)] {
        measure(&estate);
    }
}

fn measure(estate: &Estate) {
    let Estate { platform, mount, trunks, numbers, requests, file, live } = estate;
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("trunkform.yaml"), file).expect("the file is written");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = runtime
        .block_on(Sandbox::start(Options { seed: Some(json!({*platform: live})), ..Options::default() }))
        .expect("the sandbox starts");
    let place = (*platform, format!("{}{mount}", sandbox.base()));

    println!("\n{platform}: {trunks} trunks, {numbers} numbers");
    println!("{:<36} {:>12} {:>12} {:>8}", "figure", "measured", "budget", "ratio");
    let validate = median(folder.path(), &["validate"], &place);
    row("validate, wall (s)", validate.wall.as_secs_f64(), 0.3);
    row("validate, CPU (s)", validate.cpu.as_secs_f64(), 0.3);
    sandbox.clear_requests();
    let plan = median(folder.path(), &["plan"], &place);
    row(
        "plan without change, requests",
        sandbox.requests().len() as f64 / (RUNS + 1) as f64,
        *requests as f64,
    );
    row("plan without change, CPU (s)", plan.cpu.as_secs_f64(), 0.5);
    row("plan without change, wall (s)", plan.wall.as_secs_f64(), 0.5);
    row("peak memory so far (MiB)", peak_mib(), 64.0);
    let json = median(folder.path(), &["plan", "--format", "json"], &place);
    row("the same as JSON, CPU (s)", json.cpu.as_secs_f64(), 0.5);
    row("the same as JSON, peak memory (MiB)", peak_mib(), 64.0);
}

fn row(name: &str, measured: f64, budget: f64) {
    println!("{name:<36} {measured:>12.3} {budget:>12.3} {:>8.2}", measured / budget);
}

struct Cost {
    cpu: Duration,
    wall: Duration,
}

/// One run to warm up, then the median of each figure.
fn median(folder: &Path, args: &[&str], place: &(&str, String)) -> Cost {
    let mut runs: Vec<Cost> = (0..=RUNS).map(|_| run(folder, args, place)).skip(1).collect();
    runs.sort_by_key(|cost| cost.cpu);
    let cpu = runs[RUNS / 2].cpu;
    runs.sort_by_key(|cost| cost.wall);
    Cost { cpu, wall: runs[RUNS / 2].wall }
}

fn run(folder: &Path, args: &[&str], place: &(&str, String)) -> Cost {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trunkform"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (account, base) = (place.0.to_uppercase(), &place.1);
    command.env(format!("TRUNKFORM_URL_{account}"), base).env("CI", "1");
    command.env(format!("TRUNKFORM_TOKEN_{account}"), "bench");
    let (before, start) = (children_cpu(), Instant::now());
    let output = command.output().expect("the binary runs");
    let cost = Cost { wall: start.elapsed(), cpu: children_cpu() - before };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let stdout = String::from_utf8_lossy(&output.stdout);
    let empty = stdout.contains("No changes.") || stdout.contains(r#""steps":[]"#);
    assert!(args[0] != "plan" || empty, "the plan was to be empty");
    cost
}

/// User and system time of all finished children.
fn children_cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells its usage");
    let micros = |time: nix::sys::time::TimeVal| {
        Duration::from_micros((time.tv_sec() * 1_000_000 + time.tv_usec()) as u64)
    };
    micros(usage.user_time()) + micros(usage.system_time())
}

fn peak_mib() -> f64 {
    getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells its usage").max_rss() as f64 / 1024.0
}

fn number(at: usize) -> String {
    format!("+1415{:07}", 2_000_000 + at)
}

/// A file whose trunks say these lines, and whose numbers are on the trunks in turn and say these.
fn file(platform: &str, (trunks, numbers): (usize, usize), trunk: fn(usize) -> String, says: &str) -> String {
    let mut text = format!("provider: {platform}\ntrunks:\n");
    for at in 0..trunks {
        let _ = write!(text, "  - name: Trunk {at}\n{}", trunk(at));
    }
    text += "numbers:\n";
    for at in 0..numbers {
        let _ = write!(text, "  - number: \"{}\"\n    trunk: Trunk {}\n{says}", number(at), at % trunks);
    }
    text
}

fn kalem(trunks: usize, numbers: usize) -> Estate {
    let says = |at| {
        format!("    direction: inbound\n    auth_type: ip\n    host: pbx{at}.example.com\n    port: 5060\n")
    };
    let trunk = |at: usize| json!({"id": at + 1, "name": format!("Trunk {at}"), "direction": "inbound", "auth_type": "ip", "host": format!("pbx{at}.example.com"), "port": 5060});
    let row = |at: usize| json!({"id": at + 1, "number": number(at), "status": "active", "voice_agent_id": 1, "trunk_id": at % trunks + 1});
    Estate {
        platform: "kalem",
        mount: "/kalem/api/v1",
        trunks,
        numbers,
        requests: trunks.div_ceil(100) + numbers.div_ceil(100) + 2,
        file: file("kalem", (trunks, numbers), says, "    voice_agent: Sales Agent\n    status: active\n"),
        live: json!({
            "agents": [{"id": 1, "name": "Sales Agent", "type": "voice"}],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
            "numbers": (0..numbers).map(row).collect::<Vec<_>>(),
        }),
    }
}

/// One list of trunks with their numbers, one of all numbers, one of agents.
fn bolna(trunks: usize, numbers: usize) -> Estate {
    const AGENT: &str = "5d0f1b7e-3c2a-4b8e-9a41-0c6d2e7f1a01";
    let says = |at| {
        format!(
            "    provider: twilio\n    auth_type: userpass\n    auth_username: user{at}\n    auth_password: {{env: PASSWORD}}\n    gateways:\n      - gateway_address: sip{at}.example.com\n"
        )
    };
    let row = |at: usize| json!({"phone_number": number(at), "agent_id": AGENT});
    let trunk = |at: usize| {
        let rows: Vec<Json> = (at..numbers).step_by(trunks).map(row).collect();
        json!({"name": format!("Trunk {at}"), "provider": "twilio", "auth_type": "userpass", "auth_username": format!("user{at}"), "gateways": [{"gateway_address": format!("sip{at}.example.com")}], "phone_numbers": rows})
    };
    Estate {
        platform: "bolna",
        mount: "/bolna",
        trunks,
        numbers,
        requests: 3,
        file: file("bolna", (trunks, numbers), says, "    agent: Sales Agent\n"),
        live: json!({
            "agents": [{"id": AGENT, "agent_name": "Sales Agent"}],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
        }),
    }
}

/// One list of trunks, each trunk, the numbers of each trunk, one page of agents.
fn talkover(trunks: usize, numbers: usize) -> Estate {
    let says = |at| {
        format!(
            "    provider_name: Carrier\n    domain: sip{at}.example.com\n    username: user{at}\n    password: {{env: PASSWORD}}\n    is_active: true\n"
        )
    };
    let row = |at: usize| json!({"id": format!("d-{at}"), "number": number(at), "country_code": "US"});
    let trunk = |at: usize| {
        let rows: Vec<Json> = (at..numbers).step_by(trunks).map(row).collect();
        json!({"name": format!("Trunk {at}"), "provider_name": "Carrier", "domain": format!("sip{at}.example.com"), "username": format!("user{at}"), "is_active": true, "dids": rows})
    };
    let held: Vec<String> = (0..numbers).map(|at| format!("d-{at}")).collect();
    Estate {
        platform: "talkover",
        mount: "/talkover/api/v1",
        trunks,
        numbers,
        requests: 1 + trunks * 2 + 1,
        file: file("talkover", (trunks, numbers), says, "    agent: Sales Agent\n"),
        live: json!({
            "agents": [{"name": "Sales Agent", "direction": "inbound", "phone_number_ids": held}],
            "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
        }),
    }
}
