//! What inventories say.

use super::*;

const FILE: &str = "provider: kalem\nnumbers_from: {csv: n.csv}\n";

/// What is said of an inventory beside a file that only names it.
fn csv(text: &str) -> Vec<String> {
    csv_of(text.as_bytes()).1
}

fn csv_of(bytes: &[u8]) -> (Checked, Vec<String>) {
    let dir = tempfile::tempdir().unwrap();
    let checked = read_bytes(&[("t.yaml", FILE.as_bytes()), ("n.csv", bytes)], &dir);
    let said = placed(&checked, &dir);
    (checked, said)
}

/// `CODE FILE:LINE:COLUMN message` of every complaint.
fn placed(checked: &Checked, dir: &tempfile::TempDir) -> Vec<String> {
    let folder = format!("{}/", dir.path().display());
    let place =
        |d: &Diagnostic| d.labels.first().map_or("-", |l| l.file.rsplit('/').next().unwrap()).to_owned();
    let said = said_of(checked);
    let one = |(d, said): (&Diagnostic, &String)| {
        said.replacen(' ', &format!(" {}:", place(d)), 1).replace(&folder, "")
    };
    checked.diagnostics.iter().zip(&said).map(one).collect()
}

fn assert_csv(text: &str, expected: &[&str]) {
    let said = csv(text);
    let fits = said.len() == expected.len() && said.iter().zip(expected).all(|(s, e)| s.starts_with(e));
    assert!(fits, "{said:#?}\nexpected {expected:#?}\nfor {text}");
}

#[test]
fn rows_are_numbers_with_their_places() {
    let text = "\u{feff}number ; trunk;voice_agent;text_agent;status;id;protect\r\n\
        +15550100001;PBX;Sales Agent;null;active;7;TRUE\r\n\r\n;;;;;;\r\n\
        +15550100002..+15550100004;\"PBX\" ; 12 ;;;;false\r\n";
    let (checked, said) = csv_of(text.as_bytes());
    assert_eq!(said, [""; 0]);
    assert_eq!(checked.config.accounts[0].desired.resources.len(), 4);
    let one = resource(&checked, "kalem.number.+15550100001");
    let text = |text: &str| Some(Value::Text(text.into()));
    assert_eq!(one.attributes.get("number").cloned(), text("+15550100001"));
    assert_eq!(one.attributes.get("trunk").unwrap().as_ref_address().unwrap().to_string(), "kalem.trunk.PBX");
    assert_eq!(one.attributes.get("text_agent"), Some(&Value::Null));
    assert_eq!(one.settings.as_ref().unwrap().pin, Some(crate::model::Id::Int(7)));
    assert!(one.is_protected());
    let origin = one.origin.as_ref().unwrap();
    assert!(origin.to_string().ends_with("/n.csv:2:1"), "{origin}");
    let many = resource(&checked, "kalem.number.+15550100003");
    assert_eq!(many.attributes.get("voice_agent").cloned(), text("12"));
    assert_eq!((many.attributes.get("status"), many.is_protected()), (None, false));
    assert_eq!(many.origin.as_ref().unwrap().line, 5);
}

#[test]
fn a_header_that_can_not_be_meant_is_said_once() {
    assert_csv("", &["CFG015 n.csv:1:1 the inventory is empty"]);
    assert_csv("+15550100001,PBX\n", &["CFG015 n.csv:1:1 the first line does not name the columns"]);
    assert_csv(
        "number,trunc\n+15550100001,PBX\n",
        &["CFG005 n.csv:1:8 the column `trunc` is not known here"],
    );
    assert_csv("trunk\nPBX\n", &["CFG006 n.csv:1:1 the column `number` is missing"]);
    assert_csv(
        "nummber,trunk\n+15550100001,PBX\n",
        &["CFG005 n.csv:1:1 the column `nummber` is not known here"],
    );
    assert_csv(
        "number,trunk,trunk\n+15550100001,a,b\n",
        &["CFG003 n.csv:1:14 the column `trunk` stands twice"],
    );
    assert_csv("number,\n+15550100001,\n", &["CFG015 n.csv:1:1 a column has no name"]);
    assert_csv(
        "\u{feff}number,trunc\n+15550100001,PBX\n",
        &["CFG005 n.csv:1:8 the column `trunc` is not known here"],
    );
    assert_csv("\u{feff}trunk\nPBX\n", &["CFG006 n.csv:1:1 the column `number` is missing"]);
    let (checked, _) = csv_of(b"number,trunc\n+15550100001,PBX\n");
    assert_eq!(checked.diagnostics[0].help.as_deref(), Some("did you mean `trunk`?"));
}

#[test]
fn what_a_table_that_was_not_read_may_declare_is_not_missed() {
    let file = kalem(
        "numbers_from: {csv: n.csv}\nnumbers:\n  - {number: \"+15550100001\", override: true, status: active}\n",
    );
    for (table, code) in [
        (None, "CFG012"),
        (Some("nummber\n+15550100001\n"), "CFG005"),
        (Some("number\n+15550100002\n"), "NUM016"),
    ] {
        let mut files = vec![("t.yaml", file.as_str())];
        files.extend(table.map(|table| ("n.csv", table)));
        let (checked, _dir) = read(&files);
        let codes: Vec<_> =
            checked.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.as_str()).collect();
        assert_eq!(codes, [code]);
    }
}

#[test]
fn what_is_wrong_with_a_row_is_said_at_the_row_and_the_cell() {
    assert_csv(
        "number,status\n+15550100001,activ\n,active\n+15550100003\n+15550100004,active,x\n",
        &[
            "CFG008 n.csv:2:14 `activ` is not allowed here",
            "CFG006 n.csv:3:1 `number` is missing",
            "CFG015 n.csv:4:1 the row has 1 cells",
            "CFG015 n.csv:5:1 the row has 3 cells, and the header names 2 columns",
        ],
    );
    assert_csv("number,protect\n+15550100001,maybe\n", &["CFG007 n.csv:2:14 expected `true` or `false`"]);
    assert_csv("number,status\n+15550100001,null\n", &["CFG008 n.csv:2:14 expected a word"]);
    assert_csv(
        "number,trunk\n+15550100001,\"x\n",
        &["CFG015 n.csv:2:14 the quotes of this cell are never closed"],
    );
    assert_csv("number\n+15550100002..+15550100001\n", &["NUM014 n.csv:2:1 `+15550100002` comes after"]);
    assert_csv(
        "number,trunk\n+15550100001,A\n+15550100000..+15550100009,B\n+15550100001,C\n",
        &[
            "NUM005 n.csv:3:1 `+15550100001` stands twice: n.csv:2 and n.csv:3",
            "NUM005 n.csv:4:1 `+15550100001` stands twice: n.csv:2 and n.csv:4",
        ],
    );
    let (_, said) = csv_of(b"number,trunk\n+15550100001,\xff\n");
    assert_eq!(said, ["CFG002 n.csv:2:14 the byte 0xFF is not UTF-8"]);
}

#[test]
fn what_spreadsheets_do_to_numbers_is_said_a_few_times() {
    let spoilt = |table: &str| {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("t.yaml"), FILE).unwrap();
        std::fs::write(dir.path().join("n.csv"), table).unwrap();
        let mut checked = load(&[dir.path().to_owned()], jiff::civil::date(2026, 11, 21));
        checked.diagnostics.retain(|d| d.code == Code::NUM001);
        let said = placed(&checked, &dir);
        (checked, said)
    };
    let (checked, said) = spoilt("number\n1.55512E+10\n'+15551234567\n15551234567\n");
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].starts_with("NUM001 n.csv:2:1 `1.55512E+10` is a number of which a spreadsheet"),
        "{said:?}"
    );
    assert_eq!(checked.diagnostics[1].help.as_deref(), Some("write `+15551234567`"));
    let help = "write `\"+15551234567\"` if the country code is in it";
    assert_eq!(checked.diagnostics[2].help.as_deref(), Some(help), "as in any file");
    let (_, said) = spoilt(&format!("number\n{}", "1.5E+10\n".repeat(5000)));
    assert_eq!(said.len(), 10);
    assert!(said[9].ends_with("; so is it with 4990 more rows"), "{}", said[9]);
}

#[test]
fn what_is_wrong_with_many_rows_is_said_a_few_times() {
    let rows: String = (0..100).map(|n| format!("+155501000{n:02},activ\n")).collect();
    let said = csv(&format!("number,status\n{rows}"));
    assert_eq!(said.len(), 10, "{said:#?}");
    assert_eq!(said[0], "CFG008 n.csv:2:14 `activ` is not allowed here");
    assert_eq!(said[9], "CFG008 n.csv:11:14 `activ` is not allowed here; so is it with 90 more rows");
}

#[test]
fn an_inventory_is_a_file_inside_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("n.csv"), "number\n+15550100001\n").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(outside.path().join("n.csv"), dir.path().join("link.csv")).unwrap();
    std::fs::create_dir(dir.path().join("folder.csv")).unwrap();
    let said = |csv: &str| {
        let file = format!("provider: kalem\nnumbers_from: [{{csv: {csv}}}]\n");
        placed(&read_bytes(&[("t.yaml", file.as_bytes())], &dir), &dir)
    };
    let absolute = outside.path().join("n.csv").display().to_string();
    for leads_out in ["../n.csv", "link.csv", "a/../../n.csv", &absolute] {
        assert_eq!(
            said(leads_out),
            ["CFG008 t.yaml:2:22 the path of an inventory leads out of the file's folder"]
        );
    }
    assert!(
        said("folder.csv")[0]
            .starts_with("CFG012 t.yaml:2:22 `folder.csv` can't be read: it is no regular file")
    );
    assert!(said("no.csv")[0].starts_with("CFG012 t.yaml:2:22 `no.csv` can't be read: "));
    assert!(said("t.yaml")[0].starts_with("CFG008 t.yaml:2:22 `t.yaml` is no table"));
    std::fs::write(dir.path().join("n.csv"), "number\n+15550100001\n").unwrap();
    assert_eq!(said("./x/../n.csv"), [""; 0]);
    assert_eq!(said("\"\"")[0], "CFG008 t.yaml:2:22 the text is empty");
    assert_eq!(
        input::find(&[dir.path().to_owned()], &mut Vec::new()).len(),
        1,
        "a table is no configuration"
    );
}

#[test]
fn one_inventory_named_twice_is_said_once() {
    let rows: String = (0..500).map(|n| format!("+1555010{n:04}\n")).collect();
    let table = format!("number\n{rows}");
    let (checked, dir) = read(&[("1.yaml", FILE), ("2.yaml", FILE), ("n.csv", &table)]);
    let said = placed(&checked, &dir);
    assert_eq!(
        said,
        [
            "NUM005 2.yaml:2:21 the inventory `n.csv` is named twice: `+15550100000` and 499 more numbers stand twice"
        ]
    );
    assert_eq!(checked.diagnostics[0].labels.len(), 2);
    let two = "provider: kalem\nnumbers_from: [{csv: n.csv}, {csv: m.csv}]\n";
    let (checked, dir) = read(&[("1.yaml", two), ("n.csv", &table), ("m.csv", &table)]);
    let said = placed(&checked, &dir);
    assert_eq!(said.len(), 21, "a copy: {said:#?}");
    assert!(
        said[20].contains("`+15550100020` and 479 more numbers stand twice: n.csv:22 and m.csv:22"),
        "{}",
        said[20]
    );
    let other = FILE.replace("kalem\n", "kalem\naccount: other\n");
    let (checked, _dir) = read(&[("1.yaml", FILE), ("2.yaml", &other), ("n.csv", &table)]);
    let numbers = |at: usize| checked.config.accounts[at].desired.resources.len();
    assert_eq!((numbers(0), numbers(1)), (500, 500), "two accounts may have one table");
}

#[test]
fn columns_that_are_not_known_are_never_shown() {
    let hidden = |table: &[u8]| {
        let (checked, said) = csv_of(table);
        assert!(!said.is_empty());
        let name = checked.diagnostics[0].labels[0].file.clone();
        let text = checked.sources.get(&name).unwrap().text().to_owned();
        assert!(!text.contains("hunter2") && !format!("{said:?}").contains("hunter2"), "{text}\n{said:#?}");
        assert_eq!(text.lines().count(), String::from_utf8_lossy(table).lines().count());
        text
    };
    let text = hidden(b"number,password,trunk\n+15550100001,hunter2,PBX\n+15550100002,\"hunter2\n,hunter2\"\n1.5E+9,hunter2,x\n");
    assert!(text.contains("number,password,trunk\n+15550100001,*******,PBX"), "{text}");
    hidden(b"number\n+15550100001,hunter2\n");
    hidden(b"+15550100001,hunter2\n+15550100002,hunter2\n");
    hidden(b"trunk,password\nPBX,hunter2\n");
    hidden(b"number,password\n+15550100001,\"hunter2\n+15550100002,hunter2\n");
    hidden(b"number,password\n+15550100001,hunter2\xff\n");
    hidden(b"number,password\n+15550100001 hunter2\n+15550100002,hunter2,hunter2\n");
}

#[test]
fn a_hundred_thousand_rows_and_a_range_of_as_many_are_read() {
    let mut table = String::from("number,trunk,voice_agent,status\n");
    for n in 0..100_000 {
        table += &format!("+1555{n:07},PBX,Sales,active\n");
    }
    let file = "provider: kalem\ndefaults: {numbers: {provider: manual}}\nnumbers_from: {csv: n.csv}\nnumbers:\n  - {number: +1556000000..+1556099999, trunk: PBX}\n";
    let (checked, dir) = read(&[("t.yaml", file), ("n.csv", &table)]);
    assert_eq!(placed(&checked, &dir), ["NUM014 t.yaml:5:14 the range stands for 100000 numbers"]);
    assert_eq!(checked.config.accounts[0].desired.resources.len(), 200_000);
    let last = resource(&checked, "kalem.number.+15550099999");
    assert_eq!(last.origin.as_ref().unwrap().line, 100_001);
    assert_eq!(last.attributes.get("provider"), Some(&Value::Text("manual".into())));
}
