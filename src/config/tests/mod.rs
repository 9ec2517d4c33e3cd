//! Every sentence of the manual that concerns reading, on whole files.

mod accounts;
mod inventories;
mod shapes;
mod sharing;
mod syntax;

use std::path::PathBuf;

use super::*;
use crate::model::limits::Removals;
use crate::model::{Address, SecretSource, Severity, UnlistedNumbers, Value};

const TRUNK: &str = "  - {name: PBX, direction: inbound, auth_type: ip, host: 203.0.113.50}\n";

/// A folder with these files, and what was read of it.
fn read(files: &[(&str, &str)]) -> (Checked, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let bytes: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    (read_bytes(&bytes, &dir), dir)
}

fn read_bytes(files: &[(&str, &[u8])], dir: &tempfile::TempDir) -> Checked {
    for (name, bytes) in files {
        std::fs::write(dir.path().join(name), bytes).unwrap();
    }
    let mut checked = load(&[dir.path().to_owned()], jiff::civil::date(2026, 11, 21));
    // These files are about reading; what the rules say of them is tested beside the rules.
    checked.diagnostics.retain(|d| [Code::NUM005, Code::TRK027].contains(&d.code) || !rules::gives(d.code));
    checked
}

/// `CODE line:column message` of every complaint about one file.
fn said(text: &str) -> Vec<String> {
    said_of(&read(&[("t.yaml", text)]).0)
}

fn said_of(checked: &Checked) -> Vec<String> {
    let line = |d: &Diagnostic| {
        let place =
            d.labels.first().and_then(|l| Some(checked.sources.get(&l.file)?.line_column(l.span.start)));
        let (line, column) = place.unwrap_or_default();
        format!("{} {line}:{column} {}", d.code, d.message)
    };
    checked.diagnostics.iter().map(line).collect()
}

fn kalem(body: &str) -> String {
    format!("provider: kalem\n{body}")
}

fn resource<'c>(checked: &'c Checked, address: &str) -> &'c crate::model::Resource {
    let address: Address = address.parse().unwrap();
    let account = checked.config.accounts.iter().find(|a| a.account == address.account).unwrap();
    account.desired.get(&address).unwrap()
}

fn assert_said(text: &str, expected: &[&str]) {
    let said = said(text);
    let fits = said.len() == expected.len() && said.iter().zip(expected).all(|(s, e)| s.starts_with(e));
    assert!(fits, "{said:#?}\nexpected {expected:#?}\nfor {text}");
}
