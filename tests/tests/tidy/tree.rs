//! The files of the checkout as the rules look at them. Decides nothing.
use std::{collections::BTreeMap, path::Path, process::Command};

/// Path in the checkout → text. Only what git tracks or would track.
pub struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    pub fn read(root: &Path) -> Self {
        let listed = Command::new("git")
            .args(["-C", &root.display().to_string(), "ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .expect("git lists the checkout's files");
        assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
        let names = String::from_utf8(listed.stdout).expect("paths in UTF-8");
        let files = names.split('\0').filter(|name| !name.is_empty());
        // A file that was deleted and not yet staged is listed and not there; one that is no text is nobody's business here.
        let files = files.filter_map(|name| Some((name.to_owned(), std::fs::read_to_string(root.join(name)).ok()?)));
        Self { files: files.collect() }
    }
    /// A tree of made-up files, to plant violations in.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self { files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
    }
    pub fn all(&self) -> impl Iterator<Item = File<'_>> {
        self.files.iter().map(|(path, text)| File { path, text })
    }
    pub fn rust(&self) -> impl Iterator<Item = File<'_>> {
        self.all().filter(|file| file.extension() == "rs")
    }
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }
}

/// One file.
#[derive(Clone, Copy)]
pub struct File<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

impl<'a> File<'a> {
    pub fn name(self) -> &'a str {
        self.path.rsplit('/').next().unwrap_or(self.path)
    }
    pub fn extension(self) -> &'a str {
        self.name().rsplit_once('.').map_or("", |(_, extension)| extension)
    }
    /// Below a folder of that name, or the file `{part}.rs` itself: `domain.rs` and `domain/submit.rs`.
    pub fn is_part(self, part: &str) -> bool {
        self.name() == format!("{part}.rs") || self.path.split('/').rev().skip(1).any(|folder| folder == part)
    }
    pub fn is_test(self) -> bool {
        self.path.split('/').any(|part| part == "tests" || part == "testkit")
            || self.name().ends_with("_tests.rs")
            || self.name() == "tests.rs"
    }
    /// `(line number from 1, code)`: without comments, without items of tests that end in the same line, such as `mod tests;`,
    /// and without the tests at the file's end.
    pub fn code(self) -> impl Iterator<Item = (usize, &'a str)> {
        let mut lines = self.text.lines().zip(1..).peekable();
        let mut kept = Vec::new();
        while let Some((line, number)) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                kept.push((number, uncommented(line)));
                continue;
            }
            while lines.next_if(|(line, _)| line.trim().starts_with("#[")).is_some() {}
            if lines.next().is_none_or(|(line, _)| !line.ends_with(';')) {
                break;
            }
        }
        kept.into_iter().filter(|(_, code)| !code.trim().is_empty())
    }
    /// One finding for each line of code that holds one of these words.
    pub fn lines_with(self, words: &[&str], why: &str) -> Vec<String> {
        let found = self
            .code()
            .filter_map(|(number, code)| words.iter().find(|word| code.contains(**word)).map(|word| (number, word)));
        found.map(|(number, word)| format!("{}:{number}: {word:?}: {why}", self.path)).collect()
    }
}

/// `(path, text)` of the Rust files of a folder, for other tests of this binary.
pub fn rust_files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            found.extend(rust_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push((entry.display().to_string(), std::fs::read_to_string(&entry).expect("text")));
        }
    }
    found
}

#[test]
fn what_follows_a_module_of_tests_is_looked_at_what_they_hold_is_not() {
    let text =
        "use a;\n#[cfg(test)]\n#[path = \"x.rs\"]\nmod tests;\nfn f() {}\n#[cfg(test)]\nmod more {\n    use b;\n}\n";
    let file = File { path: "services/crm/src/lib.rs", text };
    assert_eq!(file.code().collect::<Vec<_>>(), [(1, "use a;"), (5, "fn f() {}")]);
}

/// A line up to its comment; the slashes of an address begin none.
fn uncommented(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with(':'));
    comment.map_or(line, |(at, _)| &line[..at])
}
