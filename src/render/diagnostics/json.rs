//! Diagnostics for a program, as `validate --format json` prints them.
//! In: diagnostics and texts. Out: one JSON object of the shape that `CLI.md` section 4 promises.
//! Leaves nothing out: the cap of the human form does not hold here.

use serde_json::{Value, json};

use super::{Counts, Place};
use crate::model::{Diagnostic, Label, Sources, visible};

/// The whole document; what has no place has `null` in its stead.
pub fn json(diagnostics: &[Diagnostic], sources: &Sources) -> Value {
    let Counts { errors, warnings, infos: _ } = Counts::of(diagnostics);
    let all: Vec<Value> = diagnostics.iter().map(|diagnostic| one(diagnostic, sources)).collect();
    json!({"diagnostics": all, "errors": errors, "warnings": warnings})
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let Diagnostic { code, severity, message, labels, help, address } = diagnostic;
    let place = labels.first().and_then(|label: &Label| Place::of(label, sources));
    json!({
        "code": code.as_str(),
        "severity": severity.as_str(),
        "message": visible(message),
        "file": labels.first().map(|label| visible(&label.file)),
        "line": place.map(|p| p.line),
        "column": place.map(|p| p.column),
        "end_line": place.map(|p| p.end_line),
        "end_column": place.map(|p| p.end_column),
        "help": help.as_deref().map(visible),
        "address": address.as_ref().map(|address| visible(&address.to_string()).into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Account, Address, Code, KindName, Span};
    use std::sync::Arc;

    #[test]
    fn every_key_is_there_and_columns_count_characters() {
        let file: Arc<str> = "é.yaml".into();
        let mut sources = Sources::default();
        sources.insert(&file, "a: 1\né: \"x\u{7}\"\n");
        let address = Address::new(&Account::new("kalem"), KindName::Trunk, "é");
        let found = Diagnostic::new(Code::TRK003, "`x\u{7}` is not a host")
            .at(&file, Span::new(9, 12), "")
            .help("write a name")
            .about(&address);
        let lost = Diagnostic::new(Code::CFG012, "no file");
        assert_eq!(
            json(&[found, lost], &sources).to_string(),
            concat!(
                r#"{"diagnostics":[{"code":"TRK003","severity":"error","message":"`x\\u{7}` is not a host","#,
                r#""file":"é.yaml","line":2,"column":4,"end_line":2,"end_column":7,"help":"write a name","address":"kalem.trunk.é"},"#,
                r#"{"code":"CFG012","severity":"error","message":"no file","file":null,"line":null,"column":null,"#,
                r#""end_line":null,"end_column":null,"help":null,"address":null}],"errors":2,"warnings":0}"#
            )
        );
    }
}
