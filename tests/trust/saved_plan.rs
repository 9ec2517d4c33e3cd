//! Somebody who may change a saved plan between its review and its apply.

use std::fs;

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, TOKEN};

#[test]
fn an_edited_plan_is_refused() {
    let live = Live::start(json!({}));
    let attack = Attack::new();
    attack.write(
        "trunkform.yaml",
        "provider: kalem\ntrunks:\n  - {name: A, direction: inbound, auth_type: ip, host: pbx.example.com}\n",
    );
    let saved = attack.scratch("plan.json");
    let run = |args: &[&str]| {
        let mut command = attack.command(args);
        command.env("TRUNKFORM_URL_KALEM", live.base()).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        attack.finish(command)
    };
    run(&["plan", "--out", saved.to_str().unwrap()]).stdout_of(0);
    let honest = fs::read_to_string(&saved).unwrap();
    for (was, is) in [
        ("pbx.example.com", "pbx.evil-example.com"),
        ("POST", "DELETE"),
        ("/trunks", "/numbers/1"),
        ("\"inbound\"", "\"outbound\""),
    ] {
        assert!(honest.contains(was), "{was}: {honest}");
        fs::write(&saved, honest.replace(was, is)).unwrap();
        let refused = run(&["apply", "--plan", saved.to_str().unwrap()]);
        assert!([1, 3].contains(&refused.code), "{was}: {refused:?}");
    }
    assert_eq!(live.writes(), "", "nothing was sent");
}
