//! The table: a command beside its floor, line by line.
//! In: an estate, and the latencies of its answers. Out: lines of Markdown on stdout.
//! Runs a command and its floor in turn, so that both meet the same machine.

use std::path::Path;

use serde_json::json;
use trunkform::sandbox::{Options, Sandbox};

use crate::cost::{Cost, Run};
use crate::estate::{Estate, Says};
use crate::floor::Sent;

/// Runs of which the median is taken, after one to warm up. Odd, so that what the runs of `apply` change back and forth ends as it began.
pub(crate) const RUNS: usize = 3;

/// One command, what it has to say, and whether its floor sends requests and reads the file.
struct Line {
    name: &'static str,
    args: &'static [&'static str],
    /// The sentence that shows that it did what it was to do.
    says: &'static str,
    floor: [bool; 2],
    /// What the files of the runs say, in turn.
    files: [Says; 2],
}

const VALIDATE: Line =
    Line { name: "validate", args: &["validate"], says: "", floor: [false, true], files: [Says::Live; 2] };
const PLAN: Line = Line {
    name: "plan, no change",
    args: &["plan"],
    says: "No changes.",
    floor: [true, true],
    files: [Says::Live; 2],
};

const LINES: [Line; 7] = [
    VALIDATE,
    Line { name: "validate, as a CSV", files: [Says::Table; 2], ..VALIDATE },
    Line { name: "validate, as one range", files: [Says::Range; 2], ..VALIDATE },
    PLAN,
    Line { name: "plan, 1 % changed", says: "to change", files: [Says::Changed; 2], ..PLAN },
    Line {
        name: "apply of 1 %",
        args: &["apply", "--auto-approve"],
        says: "Apply complete!",
        files: [Says::Changed, Says::Live],
        ..PLAN
    },
    Line {
        name: "export",
        args: &["export", "--provider"],
        says: "provider: ",
        floor: [true, false],
        ..PLAN
    },
];

pub(crate) fn head() {
    println!(
        "\n| platform | numbers | latency | command | requests | wall | floor | ratio | CPU | floor | ratio | memory |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
}

/// All lines of one account.
pub(crate) fn lines(estate: &Estate, latencies: &[&str]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let seed = json!({estate.platform: estate.live});
    let started = runtime.block_on(Sandbox::start(Options { seed: Some(seed), ..Options::default() }));
    let sandbox = started.expect("the sandbox starts");
    for latency in latencies {
        let slow = *latency != "0ms";
        let faults = slow.then(|| format!("latency={latency}").parse().expect("a latency"));
        sandbox.set_faults(faults.into_iter().collect());
        // What asks nobody costs the same whatever the latency.
        for line in LINES.iter().filter(|line| line.floor[0] || !slow) {
            print(estate, (&sandbox, latency), line);
        }
    }
}

fn print(estate: &Estate, (sandbox, latency): (&Sandbox, &str), line: &Line) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bench = Bench { estate, sandbox, folder: folder.path() };
    let (mut tool, mut floor, mut requests) = (Vec::new(), Vec::new(), 0);
    for at in 0..=RUNS {
        bench.write(line.files[at % 2]);
        tool.push(bench.tool(line));
        requests = sandbox.requests().len();
        floor.push(bench.floor(line));
    }
    let (tool, floor) = (median(tool), median(floor));
    let Estate { platform, shape, .. } = estate;
    let seconds = |a: f64, b: f64| format!("{a:.3} s | {b:.3} s | {:.2}", a / b);
    println!(
        "| {platform} | {} | {latency} | {} | {requests} | {} | {} | {:.0} MiB |",
        shape.numbers,
        line.name,
        seconds(tool.wall, floor.wall),
        seconds(tool.cpu, floor.cpu),
        tool.mib
    );
    assert!(line.name != "plan, no change" || requests == estate.requests, "not the fewest requests");
}

/// The median of each figure, the first run left out.
fn median(mut runs: Vec<Cost>) -> Cost {
    runs.remove(0);
    let middle = |figure: fn(&Cost) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Cost { wall: middle(|c| c.wall), cpu: middle(|c| c.cpu), mib: middle(|c| c.mib) }
}

struct Bench<'a> {
    estate: &'a Estate,
    sandbox: &'a Sandbox,
    folder: &'a Path,
}

impl Bench<'_> {
    /// The file of the tool, and beside it the one that its floor reads, which has each number written out.
    fn write(&self, says: Says) {
        let write = |name: &str, text: String| {
            std::fs::write(self.folder.join(name), text).expect("the file is written");
        };
        write("trunkform.yaml", self.estate.file(says));
        write("numbers.csv", self.estate.table());
        let whole = if says == Says::Changed { says } else { Says::Live };
        write("floor.txt", self.estate.file(whole));
    }

    fn tool(&self, line: &Line) -> Cost {
        let account = self.estate.platform.to_uppercase();
        let environment = [
            (format!("TRUNKFORM_URL_{account}"), format!("{}{}", self.sandbox.base(), self.estate.mount)),
            (format!("TRUNKFORM_TOKEN_{account}"), "bench".to_owned()),
            ("CI".to_owned(), "1".to_owned()),
        ];
        let mut args = line.args.to_vec();
        args.extend(args.last().filter(|last| **last == "--provider").map(|_| self.estate.platform));
        self.sandbox.clear_requests();
        let program = env!("CARGO_BIN_EXE_trunkform");
        let run = Run { program, args: &args, folder: self.folder, environment: &environment };
        let (cost, said) = run.cost();
        assert!(said.contains(line.says), "{} did not say {:?}", line.name, line.says);
        cost
    }

    /// What a bare client pays for the requests that were just sent.
    fn floor(&self, line: &Line) -> Cost {
        let url = |path: &str| format!("{}{path}", self.sandbox.base());
        let sent: Vec<Sent> = self
            .sandbox
            .requests()
            .into_iter()
            .map(|one| Sent { url: url(&one.path), method: one.method, body: one.body })
            .collect();
        let list = serde_json::to_string(&sent).expect("requests are JSON");
        std::fs::write(self.folder.join("requests.json"), list).expect("the list is written");
        let given = |wanted: bool, path| if wanted { path } else { "-" };
        let [requests, file] = line.floor;
        let args = ["floor", given(requests, "requests.json"), given(file, "floor.txt")];
        let own = std::env::current_exe().expect("the path of this program");
        let program = own.to_str().expect("a path of text");
        Run { program, args: &args, folder: self.folder, environment: &[] }.cost().0
    }
}
