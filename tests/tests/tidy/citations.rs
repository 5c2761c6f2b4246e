//! Rules about what comments and tests refer to: what they name stands where a reader of this checkout can look it up. Refuses
//! to judge whether it says there what the code does.
use super::{
    Rule,
    tree::{File, Tree},
};
use std::collections::BTreeSet;

pub const RULES: &[Rule] = &[
    Rule {
        says: "a row that is named stands in shared/docs/RULES.md, a decision or a ruling in shared/docs/DECISIONS.md",
        check: rows,
        planted: &[
            ("services/crm/src/lib.rs", concat!("//! Leads (CRM", "-99).\n")),
            ("services/crm/src/leads/domain.rs", concat!("fn crm", "_99_a_lead_is_new() {}")),
            ("services/crm/migrations/20260101000001_leads/up.sql", concat!("-- Boundaries as D", "-99 says.")),
            ("shared/platform/src/auth/grants.txt", concat!("# Scopes (ruling", " 99).")),
        ],
    },
    Rule {
        says: "a document that a comment or a page names is in the checkout",
        check: documents,
        planted: &[
            ("services/crm/src/lib.rs", concat!("/", "/! As in elsewhere.md.\n")),
            ("deploy/README.md", "see [there](../nowhere/THERE.md)"),
        ],
    },
];

const FAMILIES: &[&str] = &["CRM", "QUO", "CON", "ORD", "PRO", "SVC", "PLT", "KPI", "OUT", "D"];

fn rows(tree: &Tree) -> Vec<String> {
    let pages = tree.all().filter(|file| ["RULES.md", "DECISIONS.md"].contains(&file.name()));
    let first_cells =
        pages.flat_map(|page| page.text.lines()).filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let known: BTreeSet<&str> = first_cells.collect();
    let mut found = Vec::new();
    for file in tree.all().filter(|file| ["rs", "sql", "txt", "md"].contains(&file.extension())) {
        for (line, number) in file.text.lines().zip(1..) {
            let cited = cited(line).into_iter().filter(|row| !known.contains(row.as_str()));
            found.extend(cited.map(|row| format!("{}:{number}: {row}", file.path)));
        }
    }
    found
}

/// What a line names: `CRM-01, 07`, `PRO-16 to 21`, `D-04`, `rulings 15, 18`, `fn plt_02_d_01_…`.
fn cited(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for family in FAMILIES {
        let named = format!("{family}-");
        for (at, _) in line.match_indices(&named) {
            let inside = line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '-');
            let numbers = if inside { Vec::new() } else { numbers(&line[at + named.len()..], 2, true) };
            found.extend(numbers.into_iter().map(|number| format!("{family}-{number:02}")));
        }
    }
    for (named, many) in [("uling ", false), ("ulings ", true)] {
        for (at, _) in line.match_indices(named) {
            let numbers = numbers(&line[at + named.len()..], 1, many);
            found.extend(numbers.into_iter().map(|number| format!("ruling {number}")));
        }
    }
    if let Some((_, name)) = line.split_once("fn ") {
        let mut words = name.split('_');
        while let (Some(family), Some(number)) = (words.next(), words.next()) {
            let family = family.to_uppercase();
            if !FAMILIES.contains(&family.as_str()) || number.len() != 2 || !number.bytes().all(|b| b.is_ascii_digit())
            {
                break;
            }
            found.push(format!("{family}-{number}"));
        }
    }
    found
}

/// The number that a text begins with, of at least so many digits and at most two; and those that follow in a list.
fn numbers(text: &str, least: usize, list: bool) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    let mut rest = text;
    let mut reach = false;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let Ok(number) = rest[..digits].parse::<u32>() else { break };
        if !(least..=2).contains(&digits) || rest[digits..].starts_with(char::is_alphabetic) {
            break;
        }
        let from = if reach { found.last().map_or(number, |last| last + 1) } else { number };
        found.extend(from..=number);
        let next =
            [", ", " and ", " to "].into_iter().find_map(|word| Some((word, rest[digits..].strip_prefix(word)?)));
        match next {
            Some((word, next)) if list => (reach, rest) = (word == " to ", next),
            _ => break,
        }
    }
    found
}

fn documents(tree: &Tree) -> Vec<String> {
    let there: BTreeSet<&str> = tree.all().filter(|file| file.extension() == "md").map(File::name).collect();
    let mut found = Vec::new();
    for file in tree.all().filter(|file| ["rs", "sql", "txt", "md", "sh"].contains(&file.extension())) {
        for (line, number) in file.text.lines().zip(1..) {
            let said = if file.extension() == "rs" { line.find("//").map_or("", |at| &line[at..]) } else { line };
            let words = said.split(|c: char| !c.is_alphanumeric() && !"_-.".contains(c));
            let named = words
                .map(|word| word.trim_end_matches('.'))
                .filter(|word| word.strip_suffix(".md").is_some_and(|name| !name.is_empty()));
            let missing = named.filter(|name| !there.contains(name));
            found.extend(missing.map(|name| format!("{}:{number}: {name}", file.path)));
        }
    }
    found
}

#[test]
fn lists_are_read_to_their_end() {
    let read = |line: &str| cited(line).join(" ");
    assert_eq!(read(concat!("(CRM", "-01, 07 and 09)")), "CRM-01 CRM-07 CRM-09");
    assert_eq!(read(concat!("PRO", "-16 to 18, D", "-04")), "PRO-16 PRO-17 PRO-18 D-04");
    assert_eq!(read(concat!("rul", "ings 9 and 11; Rul", "ing 8, 5 days")), "ruling 8 ruling 9 ruling 11");
    assert_eq!(read(concat!("fn plt", "_02_d", "_01_each_amount()")), "PLT-02 D-01");
    assert_eq!(read(concat!("ORD", "-2026-000001, CRM", "-1, 3D", "-04, fn pro", "_rata()")), "");
}
