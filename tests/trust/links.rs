//! A pull request that wants files to be read or written that are not its own.

use std::fs;
use std::os::unix::net::UnixListener;

use crate::attack::{Attack, CANARY};

const FILE: &str = "provider: kalem\ntrunks: []\n";

/// Every run that reads the files of a folder.
const READERS: [&[&str]; 12] = [
    &["validate", "lines"],
    &["validate", "--format", "json", "lines"],
    &["validate", "--format", "github", "lines"],
    &["validate", "--format", "sarif", "lines"],
    &["validate", "--format", "junit", "lines"],
    &["plan", "--sandbox=../scratch/state", "lines"],
    &["plan", "--sandbox=../scratch/state", "--format", "markdown", "lines"],
    &["plan", "--sandbox=../scratch/state", "--format", "json", "lines"],
    &["drift", "--sandbox=../scratch/state", "lines"],
    &["graph", "lines"],
    &["fmt", "--check", "lines"],
    &["fmt", "lines"],
];

/// Links that lead out of `lines`, by what they are.
fn links_out(attack: &Attack) -> Vec<(&'static str, std::path::PathBuf)> {
    attack.link("../../outside", "lines/way");
    vec![
        ("a relative link", "../../outside/token.env".into()),
        ("an absolute link", attack.outside("token.env")),
        ("a link to a configuration", "../../outside/trunkform.yaml".into()),
        ("a link to another tool's YAML", "../../outside/foreign.yaml".into()),
        ("a link to a folder", "../../outside/folder".into()),
        ("a link by way of a link", "way/trunkform.yaml".into()),
        ("the environment", "/proc/self/environ".into()),
        ("standard input", "/proc/self/fd/0".into()),
        ("a link to nothing", "../../outside/nothing.yaml".into()),
    ]
}

#[test]
fn a_link_out_of_the_folder_is_neither_read_nor_printed() {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", FILE);
    for (what, target) in links_out(&attack) {
        attack.link(target, "lines/x.yaml");
        for args in READERS {
            let run = attack.run(args);
            assert_eq!(run.code, 1, "{what}, {args:?}: {run:?}");
        }
    }
}

#[test]
fn a_file_or_folder_that_the_command_line_names_is_no_link_out() {
    let attack = Attack::new();
    attack.write("lines/other.yaml", FILE);
    attack.link("../../outside/trunkform.yaml", "lines/trunkform.yaml");
    attack.link("../outside/folder", "linked");
    attack.link("lines/trunkform.yaml", "trunkform.yaml");
    let absolute = attack.path("lines/trunkform.yaml").display().to_string();
    let by_the_way = attack.path("linked/inner.yaml").display().to_string();
    let folder = attack.path("linked").display().to_string();
    for path in ["lines/trunkform.yaml", "lines", "linked", "trunkform.yaml", &absolute, &by_the_way, &folder]
    {
        let run = attack.run(&["validate", path]);
        assert_eq!(run.code, 1, "{path}: {run:?}");
    }
    for args in [["fmt", &by_the_way], ["fmt", "../clone/linked/inner.yaml"]] {
        assert_eq!(attack.run(&args).code, 1, "{args:?}");
    }
    // The file that is read where none is named.
    assert_eq!(attack.run(&["validate"]).code, 1);
}

#[test]
fn a_link_inside_the_folder_is_followed() {
    let attack = Attack::new();
    attack.write("lines/..2026_12_01/trunkform.yaml", FILE);
    attack.link("..2026_12_01", "lines/..data");
    attack.link("..data/trunkform.yaml", "lines/trunkform.yaml");
    assert_eq!(attack.run(&["validate", "lines"]).code, 0, "a ConfigMap");
    assert_eq!(attack.run(&["validate", "lines/trunkform.yaml"]).code, 0, "a ConfigMap");
}

#[test]
fn fmt_and_merge_write_nothing_through_a_link() {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", FILE);
    for (what, target) in links_out(&attack) {
        attack.link(target, "lines/x.yaml");
        for args in [
            &["fmt", "lines"][..],
            &["fmt", "lines/x.yaml"],
            &["export", "--merge", "--sandbox=../scratch/state", "lines"],
            &["export", "--merge", "--sandbox=../scratch/state", "lines/x.yaml"],
        ] {
            let run = attack.run(args);
            assert_eq!(run.code, 1, "{what}, {args:?}: {run:?}");
        }
    }
}

#[test]
fn odd_files_are_named_and_not_waited_for() {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", FILE);
    nix::unistd::mkfifo(&attack.path("lines/x.yaml"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    let refused = |what: &str| {
        for args in READERS {
            let run = attack.run(args);
            assert_eq!(run.code, 1, "{what}, {args:?}: {run:?}");
            assert!(format!("{}{}", run.stdout, run.stderr).contains("x.yaml"), "{what}, {args:?}: {run:?}");
        }
    };
    refused("a FIFO");
    fs::remove_file(attack.path("lines/x.yaml")).unwrap();
    let _listener = UnixListener::bind(attack.path("lines/x.yaml")).unwrap();
    refused("a socket");
    attack.link("/dev/zero", "lines/x.yaml");
    refused("a device");
}

#[test]
fn a_file_that_is_no_configuration_is_never_quoted() {
    let attack = Attack::new();
    attack.write("lines/trunkform.yaml", FILE);
    let texts: [&[u8]; 12] = [
        b"account: xy12345\nsnowflake: canary-51e0b7\nuser: bob\n",
        b"provider: aws\nslackhook: canary-51e0b7\n",
        b"defaults: &d\n  user: canary-51e0b7\nlimits: [x]\n",
        b"aws_access: canary-51e0b7\naccount: canary-51e0b7\nX: [\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nnumbers: canary-51e0b7\nabc: [\n",
        b"export TOKEN=canary-51e0b7\n",
        b"-----BEGIN PRIVATE KEY-----\ncanary-51e0b7\n-----END PRIVATE KEY-----\n",
        b"- canary-51e0b7\n",
        b"\"canary-51e0b7",
        b"canary-51e0b7: [\n",
        b"canary-51e0b7\0\xff\xfe\n",
        b"root:x:0:0:canary-51e0b7:/root:/bin/sh\n\tcanary-51e0b7\n",
    ];
    for text in texts {
        fs::write(attack.path("lines/x.yaml"), text).unwrap();
        for args in READERS {
            let run = attack.run(args);
            assert_eq!(run.code, 1, "{args:?}: {run:?}");
            assert_eq!(fs::read(attack.path("lines/x.yaml")).unwrap(), text, "{args:?} changed it");
        }
    }
}

#[test]
fn an_inventory_outside_the_folder_is_not_read() {
    let attack = Attack::new();
    attack.link("../../outside/numbers.csv", "lines/link.csv");
    attack.link("../../outside", "lines/way");
    let absolute = attack.outside("numbers.csv").display().to_string();
    for path in ["link.csv", "way/numbers.csv", "../../outside/numbers.csv", &absolute, "/proc/self/environ"]
    {
        attack.write("lines/trunkform.yaml", &format!("provider: kalem\nnumbers_from: {{csv: {path:?}}}\n"));
        for args in READERS.iter().filter(|args| args[0] != "fmt") {
            let run = attack.run(args);
            assert_eq!(run.code, 1, "{path}, {args:?}: {run:?}");
        }
    }
    assert!(fs::read_to_string(attack.outside("numbers.csv")).unwrap().contains(CANARY));
}
