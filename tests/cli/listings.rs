//! What the binary lists about itself: completions, the manual page, schemas and diagnostic codes.
//! In: `--help` of every command, and the tables of the library. Out: nothing, or what a listing lacks or has beside them.
//! Never takes an expectation from the listing itself.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use trunkform::explain;
use trunkform::model::Code;

use super::offline;

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// The commands that `--help` lists, without `help` itself.
fn commands() -> Vec<String> {
    let help = offline(&["--help"]).stdout_of(0);
    let list = between(&help, "\nCommands:\n", "\n\n").expect("--help lists commands");
    let names = list.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| !line.starts_with(' ')));
    let names: Vec<_> = names.filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    assert!(names.len() > 10 && names.last().is_some_and(|last| last == "help"), "{names:?}");
    names.into_iter().filter(|name| name != "help").collect()
}

/// The flags that `--help` of a command lists.
fn flags(command: &str) -> BTreeSet<String> {
    let help = offline(&[command, "--help"]).stdout_of(0);
    let (_, options) = help.split_once("\nOptions:\n").expect("every command has options");
    // Descriptions stand further to the right.
    let lines = options.lines().filter(|line| line.len() - line.trim_start().len() <= 6);
    let flags: BTreeSet<_> =
        lines.filter(|line| line.trim_start().starts_with('-')).filter_map(flag).collect();
    assert!(flags.contains("help"), "{command}: {flags:?}");
    flags
}

/// The first flag in a line, without its dashes.
fn flag(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("--")?;
    Some(rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect())
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end).map_or(rest, |(part, _)| part))
}

/// The flags that the script of a shell completes after a command; none where the script does not know the command.
fn completed(shell: &str, script: &str, command: &str) -> Option<BTreeSet<String>> {
    let flags = match shell {
        "bash" => {
            let part = between(script, &format!("\n        trunkform__subcmd__{command})\n"), "return 0")?;
            between(part, "opts=\"", "\"")?.split(' ').filter_map(flag).collect()
        }
        "elvish" => {
            let part = between(script, &format!("&'trunkform;{command}'= {{\n"), "\n        }\n")?;
            part.lines()
                .filter_map(|line| flag(line.trim_start().strip_prefix("cand --").map(|_| line)?))
                .collect()
        }
        "fish" => {
            let condition = format!("\"__fish_trunkform_using_subcommand {command}\" ");
            let lines = script.lines().filter(|line| line.contains(&condition));
            let long = |line: &str| Some(between(line, " -l ", " ")?.to_owned());
            Some(lines.filter_map(long).collect::<BTreeSet<_>>()).filter(|flags| !flags.is_empty())?
        }
        "powershell" => {
            let part = between(script, &format!("\n        'trunkform;{command}' {{\n"), "break\n")?;
            part.split("::new('--").skip(1).filter_map(|part| flag(&format!("--{part}"))).collect()
        }
        "zsh" => {
            let part = between(script, &format!("({command})\n"), "\n;;")?;
            let specs = part.lines().filter_map(|line| line.strip_prefix('\''));
            let specs = specs.map(|spec| {
                spec.strip_prefix('(').and_then(|spec| spec.split_once(')')).map_or(spec, |(_, spec)| spec)
            });
            specs.filter(|spec| spec.trim_start_matches('*').starts_with("--")).filter_map(flag).collect()
        }
        other => panic!("no reader for the completions of {other}"),
    };
    Some(flags)
}

/// Whether a script offers the command where the first word is completed.
fn offers(shell: &str, script: &str, command: &str) -> bool {
    match shell {
        "bash" => between(script, "\n        trunkform)\n", "return 0")
            .and_then(|part| between(part, "opts=\"", "\""))
            .is_some_and(|opts| opts.split(' ').any(|word| word == command)),
        "elvish" => between(script, "&'trunkform'= {\n", "\n        }\n")
            .is_some_and(|part| part.contains(&format!("cand {command} '"))),
        "fish" => script.contains(&format!("\"__fish_trunkform_needs_command\" -f -a \"{command}\" ")),
        "powershell" => between(script, "\n        'trunkform' {\n", "break\n")
            .is_some_and(|part| part.contains(&format!("::new('{command}', '{command}', "))),
        "zsh" => between(script, "\n_trunkform_commands() {\n", "\n}")
            .is_some_and(|part| part.contains(&format!("\n'{command}:"))),
        other => panic!("no reader for the completions of {other}"),
    }
}

#[test]
fn completions_offer_every_command_and_every_flag() {
    let help = offline(&["completions", "--help"]).stdout_of(0);
    assert!(help.contains(&format!("[possible values: {}]", SHELLS.join(", "))), "{help}");
    let expected: Vec<_> = commands().into_iter().map(|command| (flags(&command), command)).collect();
    for shell in SHELLS {
        let script = offline(&["completions", shell]).stdout_of(0);
        for (flags, command) in &expected {
            assert!(offers(shell, &script, command), "{shell} does not offer {command}");
            assert_eq!(completed(shell, &script, command).as_ref(), Some(flags), "{shell}, {command}");
        }
    }
}

/// A page without the markup of roff.
fn unmarked(page: &str) -> String {
    ["\\fB", "\\fI", "\\fR"].iter().fold(page.replace("\\-", "-"), |page, mark| page.replace(mark, ""))
}

#[test]
fn the_manual_has_every_command_every_flag_and_the_exit_codes() {
    let page = unmarked(&offline(&["man"]).stdout_of(0));
    assert!(
        page.contains(&format!(".TH trunkform 1  \"trunkform {}\"", env!("CARGO_PKG_VERSION"))),
        "{page}"
    );
    for command in commands() {
        assert!(page.contains(&format!("\ntrunkform-{command}(1)\n")), "the list lacks {command}");
        let part = between(&page, &format!("\n.SH \"TRUNKFORM {}\"\n", command.to_uppercase()), "\n.SH \"");
        let part = part.unwrap_or_else(|| panic!("{command} has no section"));
        let options = between(part, "\n.SS OPTIONS\n", "\n.SS ").expect("every command has options");
        // The term of a list: the line after its mark.
        let listed: BTreeSet<_> =
            options.split(".TP\n").skip(1).filter_map(|item| flag(item.lines().next()?)).collect();
        assert_eq!(listed, flags(&command), "{command}");
    }
    let help = offline(&["--help"]).stdout_of(0);
    let codes = between(&help, "\nExit codes: ", "\n\n").expect("--help lists the exit codes");
    let codes = codes.split_whitespace().collect::<Vec<_>>().join(" ");
    let numbers: Vec<_> = codes.split(" · ").filter_map(|code| code.split(' ').next()).collect();
    assert_eq!(numbers, ["0", "1", "2", "3", "4", "130"], "as `src/command/exit.rs` promises");
    assert!(page.contains(&format!("\nExit codes: {codes}\n")), "{page}");
}

#[test]
fn each_schema_is_the_one_that_is_published() {
    for (which, file) in [("config", "trunkform.schema.json"), ("plan", "plan.schema.json")] {
        let printed = offline(&["schema", which]).stdout_of(0);
        let published =
            std::fs::read_to_string(format!("{}/schema/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(printed == published, "`schema {which}` prints another text than schema/{file}");
        let schema: Json = serde_json::from_str(&printed).unwrap();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#", "{which}");
        assert!(schema["$id"].is_string(), "{which}");
    }
    assert_eq!(offline(&["schema", "plan", "--editor"]).code, 1);
}

#[test]
fn every_code_is_listed_once_and_in_order() {
    let list = offline(&["explain"]).stdout_of(0);
    let listed: Vec<_> = list
        .lines()
        .map(|line| {
            let (code, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (severity, summary) = rest.trim_start().split_once(' ').unwrap_or((rest, ""));
            (code, severity, summary.trim_start())
        })
        .collect();
    let expected: Vec<_> =
        Code::ALL.iter().map(|code| (code.as_str(), code.severity().as_str(), code.summary())).collect();
    assert_eq!(listed, expected);
    let once: BTreeSet<_> = listed.iter().map(|(code, ..)| code).collect();
    assert_eq!(once.len(), listed.len(), "a code is listed twice");
}

#[test]
fn every_code_is_explained_with_its_examples() {
    for &code in Code::ALL {
        let text = offline(&["explain", &code.as_str().to_lowercase()]).stdout_of(0);
        assert!(text.starts_with(&format!("{code} (")), "{text}");
        let (wrong, right) = explain::examples(code);
        for part in [code.summary(), explain::meaning(code).trim_end()] {
            assert!(!part.is_empty() && text.contains(part), "{code} lacks: {part}");
        }
        for (title, example) in [("\nWrong:\n\n", wrong), ("\nRight:\n\n", right)] {
            let shown = between(&text, title, "\n\n").unwrap_or_else(|| panic!("{code} lacks {title}"));
            let first = example.lines().next().expect("an example has lines");
            assert!(shown.trim_start().starts_with(first.trim_end()), "{code} {title}: {shown}");
        }
    }
    let unknown = offline(&["explain", "TRK-009"]);
    assert!(unknown.code == 1 && unknown.stderr.contains("did you mean TRK009?"), "{unknown:?}");
}
