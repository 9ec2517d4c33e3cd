//! What a plan without change costs: requests, the client's own CPU time, its peak memory, beside the budgets.
//!
//! `cargo bench --bench plan [-- TRUNKS NUMBERS]` starts a sandbox in this process, runs the release binary against it as a process of its own,
//! and prints a table of figures with their ratio to the budget. Nothing is asserted: machines differ, ratios are what to look at.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use serde_json::json;
use trunkform::sandbox::{Options, Sandbox};

const RUNS: usize = 5;

fn main() {
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    let (trunks, numbers) = (sizes.first().copied().unwrap_or(500), sizes.get(1).copied().unwrap_or(10_000));
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("trunkform.yaml"), file(trunks, numbers)).expect("the file is written");

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = runtime
        .block_on(Sandbox::start(Options { seed: Some(seed(trunks, numbers)), ..Options::default() }))
        .expect("the sandbox starts");
    let base = format!("{}/kalem/api/v1", sandbox.base());

    println!(
        "{trunks} trunks, {numbers} numbers, the median of {RUNS} runs; the sandbox runs in another process\n"
    );
    println!("{:<36} {:>12} {:>12} {:>8}", "figure", "measured", "budget", "ratio");
    let validate = median(folder.path(), &["validate"], &base);
    row("validate, wall (s)", validate.wall.as_secs_f64(), 0.3);
    row("validate, CPU (s)", validate.cpu.as_secs_f64(), 0.3);
    sandbox.clear_requests();
    let plan = median(folder.path(), &["plan"], &base);
    let minimum = trunks.div_ceil(100) + numbers.div_ceil(100) + 2;
    row("plan without change, requests", sandbox.requests().len() as f64 / (RUNS + 1) as f64, minimum as f64);
    row("plan without change, CPU (s)", plan.cpu.as_secs_f64(), 0.5);
    row("plan without change, wall (s)", plan.wall.as_secs_f64(), 0.5);
    row("peak memory so far (MiB)", peak_mib(), 64.0);
    let json = median(folder.path(), &["plan", "--format", "json"], &base);
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
fn median(folder: &Path, args: &[&str], base: &str) -> Cost {
    let mut runs: Vec<Cost> = (0..=RUNS).map(|_| run(folder, args, base)).skip(1).collect();
    runs.sort_by_key(|cost| cost.cpu);
    let cpu = runs[RUNS / 2].cpu;
    runs.sort_by_key(|cost| cost.wall);
    Cost { cpu, wall: runs[RUNS / 2].wall }
}

fn run(folder: &Path, args: &[&str], base: &str) -> Cost {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trunkform"));
    command.args(args).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.env("TRUNKFORM_URL_KALEM", base).env("TRUNKFORM_TOKEN_KALEM", "bench").env("CI", "1");
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

fn file(trunks: usize, numbers: usize) -> String {
    let mut text = String::from("provider: kalem\ntrunks:\n");
    for at in 0..trunks {
        let _ = write!(
            text,
            "  - name: Trunk {at}\n    direction: inbound\n    auth_type: ip\n    host: pbx{at}.example.com\n    port: 5060\n"
        );
    }
    text += "numbers:\n";
    for at in 0..numbers {
        let _ = write!(
            text,
            "  - number: \"{}\"\n    trunk: Trunk {}\n    voice_agent: Sales Agent\n    status: active\n",
            number(at),
            at % trunks
        );
    }
    text
}

fn seed(trunks: usize, numbers: usize) -> serde_json::Value {
    let trunk = |at: usize| json!({"id": at + 1, "name": format!("Trunk {at}"), "direction": "inbound", "auth_type": "ip", "host": format!("pbx{at}.example.com"), "port": 5060});
    let number = |at: usize| json!({"id": at + 1, "number": number(at), "status": "active", "voice_agent_id": 1, "trunk_id": at % trunks + 1});
    json!({"kalem": {
        "agents": [{"id": 1, "name": "Sales Agent", "type": "voice"}],
        "trunks": (0..trunks).map(trunk).collect::<Vec<_>>(),
        "numbers": (0..numbers).map(number).collect::<Vec<_>>(),
    }})
}
