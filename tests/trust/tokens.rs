//! A pull request, or a network, that wants the token of an account.

use serde_json::json;

use crate::attack::Attack;
use crate::support::{Live, TOKEN};

#[test]
fn an_edit_of_the_platform_sends_no_token_elsewhere() {
    let (own, other) = (Live::start(json!({})), Live::start(json!({})));
    let attack = Attack::new();
    for (account, suffix) in [("prod", "__PROD"), ("kalem", "")] {
        for (platform, mount) in [("bolna", "/bolna"), ("talkover", "/talkover/api/v1")] {
            attack
                .write("trunkform.yaml", &format!("provider: {platform}\naccount: {account}\ntrunks: []\n"));
            let mut command = attack.command(&["plan"]);
            command
                .env(format!("TRUNKFORM_URL_KALEM{suffix}"), own.base())
                .env(format!("TRUNKFORM_TOKEN_KALEM{suffix}"), TOKEN)
                // As the variables were called before the platform was part of their names.
                .env(format!("TRUNKFORM_TOKEN_{}", account.to_uppercase()), TOKEN)
                .env(
                    format!("TRUNKFORM_URL_{}", account.to_uppercase()),
                    format!("{}{mount}", other.sandbox.base()),
                )
                .env(
                    format!("TRUNKFORM_URL_{}__{}", platform.to_uppercase(), account.to_uppercase()),
                    format!("{}{mount}", other.sandbox.base()),
                );
            let run = attack.finish(command);
            assert_eq!(run.code, 1, "{platform}: {run:?}");
            let name = format!("TRUNKFORM_TOKEN_{}__{}", platform.to_uppercase(), account.to_uppercase());
            // `account: kalem` at another platform is refused before its token is asked for.
            let right = account == "kalem" || run.stderr.contains(&name);
            assert!(right, "the right name is in the error: {run:?}");
        }
    }
    assert!(other.sandbox.requests().is_empty() && own.sandbox.requests().is_empty(), "no request was sent");
}

#[test]
fn a_file_names_no_host_and_no_token() {
    let attack = Attack::new();
    for key in ["url", "base_url", "token", "api_key", "env_file", "proxy"] {
        attack.write(
            "trunkform.yaml",
            &format!("provider: kalem\n{key}: \"https://evil.example\"\ntrunks: []\n"),
        );
        let run = attack.run(&["validate"]);
        assert_eq!(run.code, 1, "{key}: {run:?}");
    }
}

#[test]
fn a_token_is_sent_encrypted_or_to_this_machine() {
    let attack = Attack::new();
    attack.write("trunkform.yaml", "provider: kalem\ntrunks: []\n");
    for url in [
        "http://kalem.example",
        "http://10.0.0.1",
        "http://localhost.evil.example",
        "ftp://kalem.me",
        "https://u:p@kalem.me",
    ] {
        let mut command = attack.command(&["plan"]);
        command.env("TRUNKFORM_URL_KALEM", url).env("TRUNKFORM_TOKEN_KALEM", TOKEN);
        let run = attack.finish(command);
        assert_eq!(run.code, 1, "{url}: {run:?}");
        assert!(run.stderr.contains("TRUNKFORM_URL_KALEM"), "{run:?}");
    }
}
