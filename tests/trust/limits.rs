//! A pull request that wants to take lines away unseen, or to keep the job busy.

use std::process::Command;

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, TOKEN};

#[test]
fn a_removal_beyond_the_limits_is_refused() {
    let trunk = |id: u32| json!({"id": id, "name": format!("T{id}"), "direction": "inbound", "auth_type": "ip", "host": "a.example"});
    let live = Live::start(json!({"kalem": {"trunks": (1..=20).map(trunk).collect::<Vec<_>>()}}));
    let attack = Attack::new();
    attack.write("trunkform.yaml", "provider: kalem\nunlisted: delete\ntrunks: []\n");
    let mut command = attack.command(&["apply", "--auto-approve"]);
    command.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
    let run = attack.finish(command);
    assert_eq!((run.code, live.writes().as_str()), (3, ""), "{run:?}");
}

#[test]
fn a_small_file_takes_no_large_memory() {
    let attack = Attack::new();
    let mut bomb = String::from("provider: kalem\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [below.as_str(); 10].join(", "));
    }
    attack.write("trunkform.yaml", &bomb);
    let plain = attack.command(&["validate"]);
    let mut command = Command::new("sh");
    // 256 MiB; what asks for more is ended by the kernel.
    command
        .args(["-c", "ulimit -d 262144 && exec \"$0\" \"$@\""])
        .arg(plain.get_program())
        .args(plain.get_args());
    command.current_dir(attack.path("")).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let run = attack.finish(command);
    assert_eq!(run.code, 1, "{run:?}");
}
