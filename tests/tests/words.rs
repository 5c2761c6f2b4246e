//! What people read in the place of codes: there is a label for every code that is shown, and none for what nobody says.
use crate::{
    spec::{operations, root},
    tidy::tree::rust_files,
};
use platform::{MachineInfo, approvals};
use std::collections::BTreeSet;
use wire::glossary::{FACTS, Labels, NOUNS, VERBS};

type Codes = BTreeSet<String>;

fn machines() -> impl Iterator<Item = &'static MachineInfo> {
    suite::ALL.iter().flat_map(|service| service.machines).chain(approvals::MACHINES)
}

/// `{service}.{entity}.{what}`: the last two.
fn parts(name: &str) -> Option<(String, String)> {
    let mut parts = name.split('.').skip(1).map(str::to_owned);
    Some((parts.next()?, parts.next()?))
}

fn permissions() -> impl Iterator<Item = (String, String)> {
    operations().filter_map(|(_, _, operation)| parts(operation["x-permission"].as_str()?))
}

fn facts() -> impl Iterator<Item = (String, String)> {
    wire::events().into_iter().flat_map(|(_, events)| events).filter_map(|event| parts(event.kind))
}

/// The kinds that the source names after these words: the first literal of the statement that looks like one.
fn kinds_after(openings: &[&str]) -> Codes {
    let is_kind = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let mut kinds = Codes::new();
    for (_, text) in ["services", "shared"].iter().flat_map(|folder| rust_files(&root().join(folder))) {
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for statement in openings.iter().flat_map(|opening| text.split(opening).skip(1)) {
            let statement = statement.split([';', '}']).next().unwrap_or_default();
            kinds.extend(statement.split('"').skip(1).step_by(2).take(2).find(is_kind).map(str::to_owned));
        }
    }
    kinds
}

/// Neither a code without a label nor a label without its code.
fn compare(said: &Codes, labels: Labels) {
    let labelled: Codes = labels.iter().map(|(code, ..)| (*code).to_owned()).collect();
    let (without, idle): (Vec<_>, Vec<_>) = (said.difference(&labelled).collect(), labelled.difference(said).collect());
    assert!(without.is_empty() && idle.is_empty(), "no label in wire::glossary: {without:?}; nobody says: {idle:?}");
}

#[test]
fn every_kind_of_document_has_a_name_in_both_languages() {
    let mut said =
        kinds_after(&["const KIND: &'static str = ", "entity!(", "NotFound { entity: ", "::absent(", "::unheard("]);
    said.extend(machines().map(|machine| machine.entity.to_owned()));
    said.extend(permissions().chain(facts()).map(|(entity, _)| entity));
    compare(&said, NOUNS);
}

#[test]
fn every_action_has_a_name_in_both_languages() {
    let steps = machines().flat_map(|machine| machine.transitions.iter().map(|step| (machine.entity, step.action)));
    let done: Vec<(String, String)> =
        steps.map(|(entity, action)| (entity.to_owned(), action.to_owned())).chain(permissions()).collect();
    let mut said: Codes = done.iter().map(|(_, action)| action.clone()).collect();
    // Where an entity means something else by a word.
    let own = done.iter().map(|(entity, action)| format!("{entity}.{action}"));
    said.extend(own.filter(|name| VERBS.iter().any(|(code, ..)| code == name)));
    compare(&said, VERBS);
}

#[test]
fn every_fact_has_a_name_in_both_languages() {
    compare(&facts().map(|(_, fact)| fact).collect(), FACTS);
}

#[test]
fn a_label_is_chinese_and_english() {
    let han = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
    let labels = [NOUNS, VERBS, FACTS].concat();
    let states = machines().flat_map(|machine| machine.labels.iter().copied());
    let odd: Vec<_> =
        labels.into_iter().chain(states).filter(|(_, chinese, english)| !han(chinese) || !english.is_ascii()).collect();
    assert!(odd.is_empty(), "{odd:?}");
}
