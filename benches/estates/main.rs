//! What the commands cost, beside a floor that is measured in the same run.
//!
//! `cargo bench` prints the whole table, `cargo bench -- 1000 10000` that of accounts of so many numbers, `cargo bench -- kalem 1000` that of one platform. A sandbox runs in this process; the
//! release binary and the floor run against it as processes of their own, in turn. The floor is a bare client: it sends the requests that the command sent, as many at a time and with the
//! same HTTP library, looks at no answer, and reads the events of the same YAML and no more. Nothing is asserted: machines differ, ratios are what to look at.

mod cost;
mod estate;
mod floor;
mod table;

use estate::Shape;

/// Numbers of the accounts that are measured where nothing else is asked for.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    // What cargo adds itself.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.first().map(String::as_str) {
        Some("floor") => floor::run(&args[1..]),
        Some("measured") => cost::measured(&args[1..]),
        _ => compare(&args),
    }
}

fn compare(args: &[String]) {
    let sizes: Vec<usize> = args.iter().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };
    let platform = args.iter().find(|arg| arg.parse::<usize>().is_err());
    let wanted = |name: &str| platform.is_none_or(|platform| platform == name);
    println!(
        "the median of {} runs; CPU is user and system time, memory the largest resident set",
        table::RUNS
    );
    table::head();
    for &numbers in &sizes {
        let shape = Shape { trunks: (numbers / 200).clamp(10, 500), numbers };
        if wanted("kalem") {
            table::lines(&estate::kalem(shape), &["0ms", "20ms"]);
        }
        // What the others' pages allow at most is far less.
        let shape = Shape { trunks: 100, numbers };
        if numbers <= 10_000 {
            let rest = [estate::bolna(shape), estate::talkover(shape)];
            for estate in rest.iter().filter(|estate| wanted(estate.platform)) {
                table::lines(estate, &["0ms"]);
            }
        }
    }
}
