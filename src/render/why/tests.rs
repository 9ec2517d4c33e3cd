//! What is said of a resource, whichever rule touches it or leaves it alone.

use serde_json::{Value as Json, json};

use super::{Subject, why};
use crate::model::{Attributes, Id, Kind, KindName, Origin, Resource, Settings, Sources, Span, Value};
use crate::render::fixture::{number, plan, trunk};

fn kind() -> &'static Kind {
    let schema: &'static Json = Box::leak(Box::new(json!({"properties": {
        "name": {"x-identity": true, "type": "string"},
        "host": {"x-compare": "host"},
        "port": {"default": 5060, "type": "integer"},
        "password": {"writeOnly": true},
        "region": {"type": "string"},
    }})));
    Box::leak(Box::new(Kind::from_schema(KindName::Trunk, schema)))
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A trunk that differs in spelling only.
fn in_sync() -> (Subject, Sources) {
    let file = "trunkform.yaml".into();
    let mut sources = Sources::default();
    sources.insert(&file, "trunks:\n  - name: Spare\n");
    let origin = Some(Origin { file, span: Span::new(18, 23), line: 2, column: 5 });
    let wanted = [
        ("host", text("PBX.example.com.")),
        ("port", Value::Null),
        ("password", text("x")),
        ("region", text("eu")),
    ];
    let live = [("host", text("pbx.example.com")), ("port", Value::Int(5060)), ("username", text("u"))];
    let resource = |side: Attributes| Resource::new(trunk("Spare"), side);
    let desired = Resource { origin, ..resource(wanted.into_iter().collect()) };
    let observed = Resource { id: Some(Id::Int(7)), ..resource(live.into_iter().collect()) };
    let subject = Subject {
        address: trunk("Spare"),
        desired: Some(desired),
        observed: Some(observed),
        kind: Some(kind()),
    };
    (subject, sources)
}

#[test]
fn what_is_in_sync_says_after_which_rule() {
    let (subject, sources) = in_sync();
    let expected = r#"kalem.trunk.Spare: nothing to do
  declared at trunkform.yaml:2:5
    2 |   - name: Spare
  live with id 7
  why: every attribute that the file names is as declared:
    host: "PBX.example.com." declared, "pbx.example.com" live: the same host
    port: null declared, 5060 live: that is what the platform fills in
    password: can't be compared; sent when the thing is made, when the platform needs it, and with `--rotate`
    region: "eu"; the platform does not say what it has, so that it never differs
  not in the file, left alone: username
"#;
    assert_eq!(why(&plan(1), &subject, &sources), expected);
}

#[test]
fn what_is_left_alone_says_by_which_rule() {
    let said = |subject: &Subject| why(&plan(1), subject, &Sources::default());
    let (mut subject, _) = in_sync();
    let desired = subject.desired.as_mut().unwrap();
    desired.settings = Some(Box::new(Settings { ignored: true, ..Settings::default() }));
    assert!(said(&subject).contains("`ignore` names it"));
    assert!(said(&Subject::of_plan(trunk("Fax"))).contains("left alone: `unlisted: keep`"));
    assert!(said(&Subject::of_plan("kalem.agent.Sales".parse().unwrap())).contains("only referred to"));
    assert!(said(&Subject::of_plan(trunk("Elsewhere"))).contains("nothing in this plan concerns it"));
}

#[test]
fn what_changes_says_what_waits_for_what() {
    let said = |address| why(&plan(412), &Subject::of_plan(address), &Sources::default());
    let expected = r#"kalem.number.+15550100001: update
  declared at trunkform.yaml:12:5
  why: `trunk` differs
  rule: what the file names and differs is changed in place; what it does not name is left alone
  live → declared:
    trunk: "Old PBX" → "Office PBX"
  steps:
    4. assign: PUT /numbers/71  gap: none
       after #2 (create kalem.trunk.Office PBX): the earlier one makes an id that the later one needs
       before #415 (delete kalem.trunk.Old \u{1b}[31m\u{202e}PBX): what uses a thing lets go of it before it goes
"#;
    assert_eq!(said(number(1)), expected);
    let made = said(trunk("Office PBX"));
    assert!(made.contains("before #3-#414 (412 requests): the earlier one makes an id"), "{made}");
    let secret = said(trunk("Main"));
    assert!(secret.contains("password: (sensitive value) from env PBX_PASSWORD, sent again"), "{secret}");
    assert!(secret.contains(r"it is no longer \u{1b}[31mverified"), "{secret}");
}
