//! The lease over a store in memory and over a folder.

mod contention;
mod keeping;
mod places;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::error::Error;
use super::protocol::{Asked, GRACE, LIFETIME, Terms};
use super::record::{Holder, Record, State};
use super::{Held, Place};

fn holder(who: &str) -> Holder {
    Holder { who: who.to_owned(), process: 7, job: None }
}

fn terms(who: &str) -> Terms {
    Terms::of(holder(who))
}

/// The usual terms, so long after now.
fn later(who: &str) -> Terms {
    Terms { clock: || Timestamp::now() + LIFETIME + GRACE + SignedDuration::from_secs(1), ..terms(who) }
}

fn memory() -> (Arc<InMemory>, Place) {
    let store = Arc::new(InMemory::new());
    (store.clone(), Place::at(store))
}

async fn put(store: &InMemory, number: u64, text: &str) {
    let path = format!("trunkform-lease/{number:010}.json");
    store.put(&path.as_str().into(), text.to_owned().into()).await.unwrap();
}

async fn records(store: &dyn ObjectStore) -> Vec<String> {
    let mut names: Vec<_> = store
        .list_with_delimiter(Some(&"trunkform-lease".into()))
        .await
        .unwrap()
        .objects
        .into_iter()
        .map(|meta| meta.location.filename().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn held(result: Result<super::Lease, Error>) -> Held {
    match result {
        Err(Error::Held(held)) => *held,
        other => panic!("it is not held: {other:?}"),
    }
}

#[tokio::test]
async fn a_lease_is_held_until_it_is_released() {
    let (_, place) = memory();
    let first = place.take(terms("first"), Asked::Free).await.unwrap();
    let told = held(place.take(terms("second"), Asked::Free).await);
    assert_eq!((&told.holder, told.expires), (&holder("first"), Some(first.expires())));
    first.release().await.unwrap();
    let second = place.take(terms("second"), Asked::Free).await.unwrap();
    assert_eq!((second.holder(), second.broken()), (&holder("second"), None));
}

#[tokio::test]
async fn a_lease_that_is_over_is_taken_after_the_grace_and_not_before() {
    let (_, place) = memory();
    let mut first = place.take(terms("first"), Asked::Free).await.unwrap();
    let within = Terms { clock: || Timestamp::now() + LIFETIME + GRACE / 2, ..terms("second") };
    held(place.take(within, Asked::Free).await);
    let second = place.take(later("second"), Asked::Free).await.unwrap();
    assert_eq!(second.broken(), None, "what is over is not broken");
    let Err(Error::Held(by)) = first.renew().await else { panic!("both have it") };
    assert_eq!(by.holder, holder("second"));
    assert!(matches!(first.release().await, Err(Error::Held(_))));
    held(place.take(terms("third"), Asked::Free).await);
}

#[tokio::test]
async fn who_breaks_a_lease_is_told_whose_it_was() {
    let (_, place) = memory();
    let mut first = place.take(terms("first"), Asked::Free).await.unwrap();
    let second = place.take(terms("second"), Asked::Break).await.unwrap();
    assert!(second.broken().unwrap().starts_with("the lease of `first` (process 7) since "), "{second:?}");
    assert!(matches!(first.renew().await, Err(Error::Held(by)) if by.holder == holder("second")));
    second.release().await.unwrap();
    let third = place.take(terms("third"), Asked::Break).await.unwrap();
    assert_eq!(third.broken(), None, "it was free");
}

#[tokio::test]
async fn a_record_that_nobody_can_read_is_no_free_lease() {
    for text in [
        "",
        "not JSON",
        "{}",
        r#"{"run":"r","holder":{"who":"w","process":1},"since":"2026-01-01T00:00:00Z","state":{"expires":"soon"}}"#,
        r#"{"run":"r","holder":{"who":"w","process":1},"since":"2026-01-01T00:00:00Z","state":{}}"#,
        &" ".repeat(20_000),
    ] {
        let (store, place) = memory();
        put(&store, 3, text).await;
        let refused = place.take(terms("first"), Asked::Free).await;
        let told = refused.unwrap_err();
        assert!(matches!(told, Error::Malformed { .. }), "{text}: {told}");
        assert!(
            told.to_string()
                .starts_with("`memory:/trunkform-lease/0000000003.json` is not the record of a lease: "),
            "{told}"
        );
        let broken = place.take(terms("first"), Asked::Break).await.unwrap();
        assert!(broken.broken().unwrap().contains("0000000003.json"), "{broken:?}");
    }
}

#[tokio::test]
async fn what_others_put_there_is_left_alone_and_the_last_number_is_the_last() {
    let (store, place) = memory();
    for name in [
        "notes.txt",
        "12.json",
        "00000000012.json",
        "000000000x.json",
        "0000000000.json",
        "a/0000000009.json",
    ] {
        store.put(&format!("trunkform-lease/{name}").as_str().into(), "x".into()).await.unwrap();
    }
    place.take(terms("first"), Asked::Free).await.unwrap().release().await.unwrap();
    assert_eq!(records(&*store).await.len(), 5 + 2);
    let released = Record {
        run: "r".into(),
        holder: holder("first"),
        since: Timestamp::UNIX_EPOCH,
        state: State::Released(Timestamp::UNIX_EPOCH),
    };
    put(&store, 9_999_999_999, &String::from_utf8(released.written().unwrap()).unwrap()).await;
    let told = place.take(terms("first"), Asked::Free).await.unwrap_err().to_string();
    assert!(told.ends_with("no higher number is left"), "{told}");
}

#[tokio::test]
async fn what_is_long_past_is_tidied_away() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::open(folder.path().to_str().unwrap()).unwrap();
    place.take(terms("first"), Asked::Free).await.unwrap().release().await.unwrap();
    let second = place.take(terms("second"), Asked::Free).await.unwrap();
    assert_eq!(files(folder.path()).len(), 3, "somebody may be looking");
    hour_passes(folder.path());
    second.release().await.unwrap();
    assert_eq!(files(folder.path()), ["0000000003.json", "0000000004.json"]);
}

/// The records in a folder.
fn files(folder: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(folder.join("trunkform-lease")).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// All records in a folder become an hour old.
fn hour_passes(folder: &std::path::Path) {
    let past = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for name in files(folder) {
        let file = std::fs::File::options().write(true).open(folder.join("trunkform-lease").join(name));
        file.unwrap().set_modified(past).unwrap();
    }
}

#[test]
fn a_holder_is_told_as_the_environment_knows_it() {
    let of = |vars: &'static [(&str, &str)]| {
        Holder::here(&|name| vars.iter().find(|(var, _)| *var == name).map(|(_, value)| (*value).to_owned()))
    };
    let github = of(&[
        ("USER", "runner"),
        ("HOSTNAME", "fv-az1"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "acme/phones"),
        ("GITHUB_RUN_ID", "17"),
    ]);
    assert_eq!(
        github.to_string(),
        format!(
            "`runner@fv-az1` (process {}, https://github.com/acme/phones/actions/runs/17)",
            std::process::id()
        )
    );
    let gitlab = of(&[("LOGNAME", "ci"), ("HOSTNAME", "r1"), ("CI_JOB_URL", "https://gitlab.example/j/1")]);
    assert_eq!((gitlab.who.as_str(), gitlab.job.as_deref()), ("ci@r1", Some("https://gitlab.example/j/1")));
    assert_eq!(of(&[("USER", "me"), ("HOSTNAME", "here"), ("GITHUB_RUN_ID", "17")]).job, None);
}
