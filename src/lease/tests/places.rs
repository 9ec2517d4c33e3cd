//! What may be written as the place of a lease.

use super::*;

fn refusal(text: &str) -> String {
    Place::open(text).expect_err(text).to_string()
}

#[test]
fn a_place_with_more_in_it_is_refused_and_not_repeated() {
    for text in [
        "s3://key:planted@bucket/prefix",
        "s3://planted@bucket/prefix",
        "s3://bucket/prefix?X-Amz-Signature=planted",
        "s3://bucket/prefix#planted",
        "az://container@planted/prefix",
    ] {
        let told = refusal(text);
        assert!(
            told.contains("credentials come from the environment") && !told.contains("planted"),
            "{told}"
        );
    }
}

#[test]
fn what_is_no_place_is_refused() {
    for (text, part) in [
        (
            "https://bucket.example/prefix",
            "a lease can't stand at `https://`: write a path, or a URL with file://",
        ),
        ("memory:///", "names no bucket"),
        ("s3:///prefix", "names no bucket"),
        ("s3://", "names no bucket"),
        ("/nowhere/at/all", "`/nowhere/at/all` is not a folder: make it first"),
        ("file:///nowhere/at/all", "is not a folder"),
        ("", "is not a folder"),
        ("://", "is not a URL"),
    ] {
        let told = refusal(text);
        assert!(told.contains(part), "{text}: {told}");
    }
}

#[tokio::test]
async fn a_folder_is_a_place_by_path_and_by_url() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let first = Place::open(path).unwrap().take(terms("first"), Asked::Free).await.unwrap();
    let by_url = Place::open(&format!("file://{path}/")).unwrap();
    assert_eq!(held(by_url.take(terms("second"), Asked::Free).await).holder, holder("first"));
    first.release().await.unwrap();
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["trunkform-lease"]);
}
