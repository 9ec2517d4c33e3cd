//! Where a CI job gets Trunkform from.
//! In: the text of `--install`. Out: a source that names one content for good, and the shell commands that install it.
//! Takes no branch, tag, crate name or short hash, and no character that YAML or a shell could read as its own.

/// A content that nobody can exchange under its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A commit of a Git repository, to be compiled.
    Git { url: String, commit: String },
    /// An archive that holds the binary `trunkform`.
    Archive { url: String, sha256: String },
    /// An image with the binary at `/trunkform`, as the Containerfile makes it.
    Image(String),
}

/// What `--install` takes, for a complaint.
const FORMS: &str = "write a Git URL with `@` and a full commit (`https://github.com/ORG/trunkform@<40 hex digits>`), \
    an archive URL with its hash (`https://HOST/trunkform.tar.gz#sha256=<64 hex digits>`), \
    or an image with its digest (`ghcr.io/ORG/trunkform@sha256:<64 hex digits>`)";

/// What a job does that has no source.
pub(super) const NO_SOURCE: &str = "\
echo 'No source of Trunkform is named: run trunkform init --install SOURCE where this file is not yet, or replace these two lines with an install of your own.' >&2
exit 1
";

impl Source {
    /// The source that a text names.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Self::image(text)
            .or_else(|| Self::archive(text))
            .or_else(|| Self::git(text))
            .ok_or_else(|| format!("`--install {text}` is no pinned source: {FORMS}"))
    }

    fn git(text: &str) -> Option<Self> {
        let (url, commit) = text.rsplit_once('@')?;
        let full = is_hex(commit, 40) || is_hex(commit, 64);
        (full && is_https_url(url)).then(|| Self::Git { url: url.to_owned(), commit: commit.to_owned() })
    }

    fn archive(text: &str) -> Option<Self> {
        let (url, sha256) = text.split_once("#sha256=")?;
        (is_hex(sha256, 64) && is_https_url(url))
            .then(|| Self::Archive { url: url.to_owned(), sha256: sha256.to_owned() })
    }

    fn image(text: &str) -> Option<Self> {
        let (name, digest) = text.split_once("@sha256:")?;
        (is_hex(digest, 64) && is_image_name(name)).then(|| Self::Image(text.to_owned()))
    }

    /// The commands that leave the binary at `trunkform-kit/bin/trunkform`.
    pub(super) fn commands(&self) -> String {
        match self {
            Self::Git { url, commit } => format!(
                "cargo install --locked --git {url} --rev {commit} --root trunkform-kit --bin trunkform trunkform\n"
            ),
            Self::Archive { url, sha256 } => format!(
                "mkdir -p trunkform-kit/bin trunkform-kit/archive
curl --fail --silent --show-error --location --proto '=https' --output trunkform-kit/archive.tar {url}
echo '{sha256}  trunkform-kit/archive.tar' | sha256sum -c -
tar -xf trunkform-kit/archive.tar -C trunkform-kit/archive
binary=$(find trunkform-kit/archive -type f -name trunkform | head -n 1)
cp \"$binary\" trunkform-kit/bin/trunkform
chmod 755 trunkform-kit/bin/trunkform
"
            ),
            Self::Image(image) => format!(
                "mkdir -p trunkform-kit/bin
container=$(docker create {image})
docker cp \"$container:/trunkform\" trunkform-kit/bin/trunkform
docker rm \"$container\"
"
            ),
        }
    }
}

/// Lower-case digits alone, as Git, sha256sum and registries print them.
fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// `https://HOST[:PORT]/PATH` of characters that mean nothing to YAML and the shell; no user, query or fragment.
fn is_https_url(text: &str) -> bool {
    let Some((authority, path)) = text.strip_prefix("https://").and_then(|rest| rest.split_once('/')) else {
        return false;
    };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(inner)
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'_' | b'-' | b'+' | b'%');
    host.split('.').all(label)
        && port.parse::<u16>().is_ok_and(|port| port > 0)
        && port.bytes().all(|b| b.is_ascii_digit())
        && !path.is_empty()
        && path.bytes().all(plain)
}

/// `[HOST[:PORT]/]PATH[:TAG]`; the tag decides nothing beside a digest.
fn is_image_name(text: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    let ends = |part: &str| {
        part.bytes().next().into_iter().chain(part.bytes().next_back()).all(|b| b.is_ascii_alphanumeric())
    };
    let part = |part: &str| !part.is_empty() && part.bytes().all(inner) && ends(part);
    let tagged = |text: &str| match text.split_once(':') {
        Some((name, tag)) => {
            let fit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
            part(name) && !tag.is_empty() && !tag.starts_with(['.', '-']) && tag.bytes().all(fit)
        }
        None => part(text),
    };
    let mut parts: Vec<_> = text.split('/').collect();
    let last = parts.pop().unwrap_or_default();
    let host = (!parts.is_empty()).then(|| parts.remove(0));
    let hosted = host.is_none_or(|host| match host.split_once(':') {
        Some((name, port)) => {
            part(name) && !port.is_empty() && port.len() <= 5 && port.bytes().all(|b| b.is_ascii_digit())
        }
        None => part(host),
    });
    hosted && parts.into_iter().all(part) && tagged(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    #[test]
    fn three_forms_name_one_content() {
        for (text, needs) in [
            (
                format!("https://github.com/ORG/trunkform@{COMMIT}"),
                format!("--git https://github.com/ORG/trunkform --rev {COMMIT} "),
            ),
            (
                format!("https://git.example.com:8443/a/b.git@{SHA256}"),
                format!("--git https://git.example.com:8443/a/b.git --rev {SHA256} "),
            ),
            (
                format!("https://h.example/v1%2B2/trunkform.tar.gz#sha256={SHA256}"),
                format!("echo '{SHA256}  "),
            ),
            (
                format!("ghcr.io/org/trunkform@sha256:{SHA256}"),
                format!("docker create ghcr.io/org/trunkform@sha256:{SHA256})"),
            ),
            (format!("localhost:5000/trunkform:v1.2@sha256:{SHA256}"), "docker cp".to_owned()),
        ] {
            let commands = Source::parse(&text).unwrap().commands();
            assert!(commands.contains(&needs), "{text}: {commands}");
        }
    }

    #[test]
    fn what_could_be_exchanged_or_read_otherwise_is_refused() {
        for text in [
            String::new(),
            "trunkform".into(),
            "trunkform@0.1.0".into(),
            format!("trunkform@{COMMIT}"),
            "https://github.com/ORG/trunkform".into(),
            "https://github.com/ORG/trunkform@main".into(),
            "https://github.com/ORG/trunkform@v1.0.0".into(),
            format!("https://github.com/ORG/trunkform@{}", &COMMIT[..12]),
            format!("https://github.com/ORG/trunkform@{}", COMMIT.to_uppercase()),
            format!("https://github.com/ORG/trunkform@{COMMIT}0"),
            format!("http://github.com/ORG/trunkform@{COMMIT}"),
            format!("ssh://git@github.com/ORG/trunkform@{COMMIT}"),
            format!("git@github.com:ORG/trunkform@{COMMIT}"),
            format!("file:///tmp/trunkform@{COMMIT}"),
            format!("https://me:secret@github.com/ORG/trunkform@{COMMIT}"),
            format!("https://@{COMMIT}"),
            format!("https:///x@{COMMIT}"),
            format!("https://github.com/@{COMMIT}"),
            format!("https://github.com:0/x@{COMMIT}"),
            format!("https://github.com:+443/x@{COMMIT}"),
            format!("https://h.example/a.tar.gz#sha256={COMMIT}"),
            format!("https://h.example/a.tar.gz?x=1#sha256={SHA256}"),
            format!("http://h.example/a.tar.gz#sha256={SHA256}"),
            "https://h.example/a.tar.gz".into(),
            "ghcr.io/org/trunkform:latest".into(),
            "ghcr.io/org/trunkform".into(),
            format!("ghcr.io/org/trunkform@sha256:{COMMIT}"),
            format!("ghcr.io/Org/trunkform@sha256:{SHA256}"),
            format!("docker://ghcr.io/org/trunkform@sha256:{SHA256}"),
            format!("--privileged@sha256:{SHA256}"),
            format!("@sha256:{SHA256}"),
        ] {
            assert!(Source::parse(&text).is_err(), "{text}");
        }
        for odd in [
            "'", "\"", " ", "$", "`", ";", "&", "|", "\n", "\u{1b}", "\\", "#", "*", "(", "é", "\u{202e}",
            "{", "<", "!", "~", "@",
        ] {
            for text in [
                format!("https://h.example/a{odd}b@{COMMIT}"),
                format!("https://h{odd}.example/a@{COMMIT}"),
                format!("https://h.example/a{odd}b#sha256={SHA256}"),
                format!("ghcr.io/a{odd}b@sha256:{SHA256}"),
                format!("https://h.example/a@{COMMIT}{odd}"),
                format!("ghcr.io/a@sha256:{SHA256}{odd}"),
            ] {
                assert!(Source::parse(&text).is_err(), "{text}");
            }
        }
    }
}
