//! A pull request that plants links where a run writes its own files.

use std::fs;
use std::path::PathBuf;

use crate::attack::{Attack, CANARY};

const FILE: &str =
    "provider: kalem\ntrunks:\n  - {name: A, direction: inbound, auth_type: ip, host: pbx.example.com}\n";

#[test]
fn no_file_of_a_run_is_written_through_a_planted_link() {
    let targets: [(&str, bool); 2] = [("new-file", false), ("token.env", true)];
    for (target, exists) in targets {
        let attack = Attack::new();
        attack.write("trunkform.yaml", FILE);
        for name in
            ["plan.json", "run.journal", "out.yaml", "trunkform.schema.json", ".trunkform/sandbox.json"]
        {
            let target: PathBuf = attack.outside(target);
            attack.link(&target, name);
        }
        for args in [
            &["plan", "--sandbox", "--out", "plan.json"][..],
            &["apply", "--sandbox", "--auto-approve", "--journal", "run.journal"],
            &["apply", "--sandbox=../scratch/state", "--auto-approve", "--journal", "run.journal"],
            &["drift", "--sandbox=../scratch/state", "--out", "plan.json"],
            &["export", "--provider", "kalem", "--sandbox=../scratch/state", "--out", "out.yaml"],
            &["init"],
        ] {
            let run = attack.run(args);
            let text = fs::read_to_string(attack.outside(target)).ok();
            assert_eq!(text.is_some(), exists, "{args:?}: {run:?}");
            assert!(text.is_none_or(|text| text == format!("export TOKEN={CANARY}\n")), "{args:?}: {run:?}");
        }
    }
}

#[test]
fn no_lease_is_written_through_a_planted_link() {
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    attack.link("../outside/folder", "leases");
    let url = format!("file://{}", attack.path("leases").display());
    for lock in ["leases", &url] {
        let args = ["apply", "--sandbox=../scratch/state", "--auto-approve", "--lock", lock];
        assert_eq!(attack.run(&args).code, 1, "{lock}");
    }
}

#[test]
fn a_planted_folder_of_the_sandbox_leads_nowhere() {
    let attack = Attack::new();
    attack.write("trunkform.yaml", FILE);
    attack.link("../outside/folder", ".trunkform");
    attack.run(&["apply", "--sandbox", "--auto-approve"]);
    assert!(!attack.outside("folder/sandbox.json").exists());
}
