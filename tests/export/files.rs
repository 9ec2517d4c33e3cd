//! `export --merge` into files as they are in practice: with defaults, inventories, ranges, overrides, empty lists; several of them; of several accounts.

use std::fs;
use std::path::Path;

use crate::command::KALEM;
use crate::support::{Live, Run};

const TRUNKS: &str = "provider: kalem\ntrunks:\n  - name: Office PBX\n    direction: inbound\n    auth_type: ip\n    host: pbx.example.com\n";

struct Place {
    live: Live,
    folder: tempfile::TempDir,
}

impl Place {
    fn with(seed: &str, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self { live: Live::start_with(seed), folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn merge(&self) -> Run {
        self.live.run_in(self.path(), &["export", "--merge", "."])
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Nothing is to be done any more, nor to be added.
    fn is_settled(&self) {
        let plan = self.live.run_in(self.path(), &["plan", ".", "--detailed-exitcode"]).stdout_of(0);
        assert!(plan.contains("No changes."), "{plan}");
        let again = self.merge();
        assert!(again.stderr.contains("Nothing to add to kalem."), "{}", again.stderr);
        assert_eq!(self.live.writes(), "");
    }
}

#[test]
fn under_defaults_an_entry_says_what_it_has_not() {
    let defaults = "provider: kalem\ndefaults:\n  trunks: {host: pbx.example.com, port: 5080}\n  numbers:\n    text_agent: null\n    voice_agent: Sales Agent # most of them\n    trunk: Office PBX\n    protect: true\n";
    let place = Place::with(KALEM, &[("a.yaml", defaults)]);
    let run = place.merge();
    run.stdout_of(0);
    assert!(
        run.stderr.contains("Added 4 numbers of kalem to a.yaml, protected by its `defaults`."),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("Added 2 trunks of kalem to a.yaml.\n"), "{}", run.stderr);
    let text = place.text("a.yaml");
    assert!(text.starts_with(defaults), "{text}");
    assert!(text.contains("    direction: outbound\n    auth_type: digest\n    host: null\n"), "{text}");
    let inactive = "  - number: \"+14155552603\"\n    provider: manual\n    trunk: null\n    # 3 is Desk\n    voice_agent: 3\n    text_agent: null\n    status: inactive\n";
    assert!(text.contains(inactive), "{text}");
    place.is_settled();
}

#[test]
fn a_file_without_defaults_is_preferred() {
    let defaults =
        "provider: kalem\ndefaults: {numbers: {status: active}}\nnumbers:\n  - number: \"+14155552600\"\n";
    let place = Place::with(KALEM, &[("a.yaml", defaults), ("b.yaml", TRUNKS)]);
    place.merge().stdout_of(0);
    assert_eq!(place.text("a.yaml"), defaults);
    assert!(place.text("b.yaml").contains("+14155552601..+14155552602"));
    place.is_settled();
}

#[test]
fn what_inventories_ranges_and_overrides_say_is_not_added_again() {
    let said = "provider: kalem\nnumbers_from: {csv: n.csv, defaults: {voice_agent: 3}}\n";
    let ranges = "provider: kalem\ndefaults: {numbers: {trunk: Office PBX}}\nnumbers:\n  - number: \"+14155552600..+14155552601\"\n    voice_agent: 2\n  - number: \"+14155552600..+14155552601\"\n    override: true\n    voice_agent: Sales Agent\n";
    let csv = "number,status\n+14155552603,inactive\n";
    let place = Place::with(KALEM, &[("i.yaml", said), ("n.csv", csv), ("r.yaml", ranges)]);
    let run = place.merge();
    run.stdout_of(0);
    assert!(run.stderr.contains("Added 1 number of kalem to i.yaml."), "{}", run.stderr);
    assert_eq!((&*place.text("r.yaml"), &*place.text("n.csv")), (ranges, csv));
    let added = place.text("i.yaml");
    assert!(
        added.starts_with(said) && added.contains("\nnumbers:\n  - number: \"+14155552602\"\n"),
        "{added}"
    );
    assert_eq!(added.matches("number: ").count(), 1, "{added}");
    place.is_settled();
}

#[test]
fn an_empty_list_in_brackets_takes_nothing_and_stands_in_no_ones_way() {
    let empty = "provider: kalem\ntrunks: []\n";
    let place = Place::with(KALEM, &[("a.yaml", empty)]);
    let refused = place.merge();
    assert_eq!((refused.code, place.text("a.yaml")), (1, empty.into()), "{}", refused.stderr);
    assert!(refused.stderr.contains("`trunks` can't be added to: `a.yaml`: line 2: "), "{}", refused.stderr);
    let place = Place::with(KALEM, &[("a.yaml", empty), ("b.yaml", "provider: kalem\n")]);
    place.merge().stdout_of(0);
    assert!(place.text("b.yaml").contains("\ntrunks:\n") && place.text("a.yaml").starts_with(empty));
    place.is_settled();
    let listed = TRUNKS.replace("Office PBX", "'Office PBX'");
    let carrier = "provider: kalem\ntrunks: [{name: 'Carrier: out', direction: outbound, auth_type: digest, username: user, password: {env: MAIN_TRUNK_PASSWORD}, outbound_server: sip.carrier.example}]\n";
    let place = Place::with(KALEM, &[("a.yaml", carrier), ("b.yaml", &listed)]);
    place.merge().stdout_of(0);
    assert_eq!(place.text("b.yaml").matches("- name").count(), 1, "nothing is to be added to the brackets");
    place.is_settled();
}

#[test]
fn two_accounts_of_one_run_are_each_added_to_their_own_files() {
    let mut seed: serde_json::Value = serde_json::from_str(KALEM).unwrap();
    seed["talkover"] = serde_json::json!({"agents": [], "phone_numbers": [], "trunks": [
        {"id": "t-1", "name": "Carrier", "provider_name": "Carrier Ltd", "domain": "sip.example.com", "username": "u", "transport": "tls", "port": 5061,
            "is_active": false, "is_verified": false, "dids": [{"id": "d-1", "number": "+442079460958", "country_code": "GB"}]}
    ]});
    let other = "provider: talkover\ndefaults: {trunks: {auth_realm: realm, password: {env: SHARED}}, numbers: {agent: Nobody}}\n";
    let files = [("k.yaml", "provider: kalem\n"), ("t.yaml", other)];
    let place = Place::with(&seed.to_string(), &files);
    let run = place.merge();
    run.stdout_of(0);
    assert!(run.stderr.contains("Added 1 trunk of talkover to t.yaml."), "{}", run.stderr);
    let text = place.text("t.yaml");
    assert!(text.starts_with(other) && text.contains("    auth_realm: null\n"), "{text}");
    assert!(
        text.contains("password: {env: TALKOVER_CARRIER_PASSWORD}") && text.contains("    agent: null\n"),
        "{text}"
    );
    assert!(place.text("k.yaml").contains("Office PBX"));
    place.is_settled();
}

#[test]
fn what_the_files_would_take_away_has_to_be_declared_or_ignored() {
    let seed = r#"{"kalem": {"trunks": [{"id": 1, "name": "T", "direction": "inbound", "auth_type": "ip", "host": "a.example.com"},
        {"id": 4, "name": "T", "direction": "inbound", "auth_type": "ip", "host": "b.example.com"}],
        "numbers": [{"id": 1, "number": "+14155552607..+14155552609", "status": "active"}]}}"#;
    for (unlisted, goes) in
        [("delete", true), ("{trunks: delete}", true), ("{numbers: unassign}", true), ("keep", false)]
    {
        let text = format!("provider: kalem\nunlisted: {unlisted}\n");
        let place = Place::with(seed, &[("a.yaml", &text)]);
        let run = place.merge();
        run.stdout_of(i32::from(goes));
        assert_eq!(place.text("a.yaml") == text, goes, "{unlisted}: {}", run.stderr);
        assert_eq!(
            run.stderr.contains("name it under `ignore` first; nothing is written"),
            goes,
            "{}",
            run.stderr
        );
        assert!(run.stderr.contains("NUM014: a file would say a range with it"), "{}", run.stderr);
    }
}

#[test]
fn what_was_interrupted_is_finished_first() {
    let seed = r#"{"kalem": {"trunks": [{"id": 1, "name": "T", "direction": "outbound", "auth_type": "ip", "outbound_server": "a.example.com"},
        {"id": 4, "name": "T [trunkform replacement]", "direction": "inbound", "auth_type": "ip", "host": "b.example.com"}],
        "numbers": [{"id": 1, "number": "+14155552607", "status": "active", "trunk_id": 1}]}}"#;
    let text =
        "provider: kalem\ntrunks:\n  - {name: T, direction: inbound, auth_type: ip, host: b.example.com}\n";
    let place = Place::with(seed, &[("a.yaml", text)]);
    let run = place.merge();
    run.stdout_of(1);
    assert!(run.stderr.contains("a replacement was interrupted, and left kalem.trunk.T"), "{}", run.stderr);
    assert!(run.stderr.contains("apply first, which finishes it"), "{}", run.stderr);
    assert_eq!(place.text("a.yaml"), text);
}
