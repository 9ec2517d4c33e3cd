//! What a process costs.
//! In: a command line. Out: its wall time, its CPU time, its largest resident set.
//! A process in between starts it, so that it is the only child whose resources are counted.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

/// One run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) mib: f64,
}

/// What to run, where, and with which environment.
pub(crate) struct Run<'a> {
    pub(crate) program: &'a str,
    pub(crate) args: &'a [&'a str],
    pub(crate) folder: &'a Path,
    pub(crate) environment: &'a [(String, String)],
}

impl Run<'_> {
    /// Runs it to its end; gives its stdout too.
    pub(crate) fn cost(&self) -> (Cost, String) {
        let own = std::env::current_exe().expect("the path of this program");
        let mut command = Command::new(own);
        command.arg("measured").arg(self.program).args(self.args).current_dir(self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.stdin(Stdio::null()).output().expect("the program runs");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} {:?}: {stderr}", self.program, self.args);
        let figures = stderr.lines().last().expect("the figures").split(' ');
        let mut figures = figures.map(|figure| figure.parse::<f64>().expect("a figure"));
        let mut next = || figures.next().expect("three figures");
        let cost = Cost { wall: next(), cpu: next(), mib: next() };
        (cost, String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Runs a command and prints its figures as the last line of stderr.
pub(crate) fn measured(command: &[String]) {
    let start = Instant::now();
    let status = Command::new(&command[0]).args(&command[1..]).stdin(Stdio::null()).status();
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system tells its usage");
    let micros = |time: nix::sys::time::TimeVal| {
        Duration::from_micros((time.tv_sec() * 1_000_000 + time.tv_usec()) as u64).as_secs_f64()
    };
    let cpu = micros(usage.user_time()) + micros(usage.system_time());
    eprintln!("\n{} {cpu} {}", wall.as_secs_f64(), usage.max_rss() as f64 / 1024.0);
    let done = status.is_ok_and(|status| status.success());
    std::process::exit(i32::from(!done));
}
