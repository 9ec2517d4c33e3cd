//! Stand-ins for the programs that jobs call.
//! In: a folder. Out: programs on a PATH that write down how they were called, and with which variables that look like secrets.
//! Each does just as much as the next step needs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Writes one line: who, with what, and the secrets of its environment.
const LOG: &str = r#"{ printf '%s: %s |' "$JOB" "$(basename "$0") $*"; env | grep @ | sort | tr '\n' ' '; echo; } >>"$LOG"
"#;
const TRUNKFORM: &str = r#"case "$1" in
plan)
    while [ $# -gt 0 ]; do
        [ "$1" != --out ] || echo '{"trunkform":{"summary":{"create":1,"update":2,"replace":4,"delete":8,"unchanged":0}}}' >"$2"
        shift
    done
    echo "the plan"
    exit "${PLAN_EXIT:-0}" ;;
apply) echo journal >"$5" ;;
validate) exit "${VALIDATE_EXIT:-0}" ;;
esac
"#;
const CARGO: &str = r#"while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && cp "$STUBS/trunkform" "$2/bin/trunkform"
"#;
const CURL: &str = r#"while [ "$1" != --output ]; do shift; done
cp "$STUBS/archive.tar.gz" "$2"
"#;
const DOCKER: &str = r#"case "$1" in
create) echo c0ffee ;;
cp) cp "$STUBS/trunkform" "$3" ;;
esac
"#;
const GH: &str = "case \"$*\" in *--paginate*) printf '%s' \"$COMMENTS\" ;; *) cat comment.md >>\"$LOG.comments\" ;; esac\n";

/// Puts them into a folder, with an archive that holds one of them.
pub(crate) fn install(folder: &Path) {
    for (name, does) in
        [("trunkform", TRUNKFORM), ("cargo", CARGO), ("curl", CURL), ("docker", DOCKER), ("gh", GH)]
    {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{LOG}{does}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut tar = Command::new("tar");
    tar.args(["-czf", "archive.tar.gz", "trunkform"]).current_dir(folder);
    assert!(tar.status().unwrap().success());
    // Outside of the PATH of jobs: they get it from their install alone.
    fs::create_dir(folder.join("path")).unwrap();
    for name in ["cargo", "curl", "docker", "gh"] {
        fs::rename(folder.join(name), folder.join("path").join(name)).unwrap();
    }
}

/// The hash of the archive.
pub(crate) fn archive_hash(folder: &Path) -> String {
    let output = Command::new("sha256sum").arg(folder.join("archive.tar.gz")).output().unwrap();
    String::from_utf8(output.stdout).unwrap()[..64].to_owned()
}

/// Runs a script as a runner does, with no environment but this; its exit code.
pub(crate) fn run(script: &str, at: &Path, stubs: &Path, env: &[(String, String)]) -> (i32, String) {
    let mut bash = Command::new("bash");
    bash.args(["-e", "-c", script]).current_dir(at).env_clear().stdin(Stdio::null());
    bash.env("STUBS", stubs).env("LOG", stubs.join("log"));
    bash.envs(env.iter().map(|(name, value)| (name, value)));
    let output = bash.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}
