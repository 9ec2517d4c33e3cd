//! Files without an end, and files that are small on the disk and large in memory.

use super::run;

#[test]
fn a_configuration_that_is_a_device_is_not_read() {
    for args in [["validate", "/dev/zero"], ["plan", "/dev/zero"], ["drift", "/dev/zero"]] {
        let run = run(&args);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(format!("{run:?}").contains("`/dev/zero` can't be read: it is no regular file"), "{run:?}");
    }
}

#[test]
fn a_configuration_that_is_larger_than_any_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trunkform.yaml");
    // A hole: it takes no room on the disk.
    std::fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let run = run(&["validate", path.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(format!("{run:?}").contains("is larger than 64 MiB"), "{run:?}");
}

#[test]
fn aliases_that_multiply_are_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("trunkform.yaml");
    let mut text = "provider: kalem\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..20 {
        let all = format!("*a{}, ", n - 1).repeat(9);
        text += &format!("a{n}: &a{n} [{all}]\n");
    }
    std::fs::write(&path, text).unwrap();
    let run = run(&["validate", path.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(format!("{run:?}").contains("CFG004"), "{run:?}");
}

#[test]
fn a_plan_without_an_end_is_not_read() {
    let apply = ["apply", "--auto-approve", "--plan", "/dev/zero"];
    for args in [&["show", "/dev/zero"][..], &apply, &["graph", "--plan", "/dev/zero"]] {
        let run = run(args);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(
            format!("{run:?}").contains("`/dev/zero` can't be read: it is larger than 128 MiB"),
            "{run:?}"
        );
    }
}
