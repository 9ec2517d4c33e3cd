//! Law 13: random folders never make a run read, print, write or start anything outside.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::attack::{Attack, CANARY, JOB_SECRET};
use crate::random_folder::{Choices, arguments, fill};

/// Whether a regular file below a folder holds what is outside; links are not followed.
fn holding_what_is_outside(folder: &Path) -> Option<String> {
    fs::read_dir(folder).ok()?.filter_map(Result::ok).find_map(|entry| {
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            return holding_what_is_outside(&entry.path());
        }
        let bytes = if kind.is_file() { fs::read(entry.path()).ok()? } else { return None };
        let text = String::from_utf8_lossy(&bytes);
        (text.contains(CANARY) || text.contains(JOB_SECRET))
            .then(|| format!("{}: {text}", entry.path().display()))
    })
}

fn a_random_folder_keeps_to_itself(bytes: &[u8]) {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", "provider: kalem\ntrunks: []\n");
    attack.commit();
    let mut choices = Choices(bytes);
    fill(&attack.path(""), &attack.outside(""), &mut choices);
    let sandbox = format!("--sandbox={}", attack.scratch("state").display());
    for _ in 0..3 {
        let args = arguments(&mut choices, &sandbox);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let run = attack.run(&args);
        assert!((0..=4).contains(&run.code), "{args:?}: {run:?}");
        for folder in ["clone", "scratch"] {
            let held = holding_what_is_outside(&attack.outside("..").join(folder));
            assert_eq!(held, None, "{args:?} wrote down what is outside");
        }
    }
}

fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(48);
    let failure_persistence = Some(Box::new(FileFailurePersistence::WithSource("seeds")) as _);
    ProptestConfig { failure_persistence, max_shrink_iters: 200, ..ProptestConfig::with_cases(cases) }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn no_folder_reaches_what_is_outside(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        a_random_folder_keeps_to_itself(&bytes);
    }
}
