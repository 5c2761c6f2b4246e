//! Maker is not checker: a draft remembers everybody who wrote in it, and none of them approves it. Whoever only changed a draft
//! that somebody else began would otherwise approve their own words.
use crate::{Entity, Stamp, change::unchanged};
use wire::json::Kept;

/// Everybody who wrote in a draft, in the order in which they first did.
pub type Makers = Kept<Vec<String>>;

/// Whoever begins it.
#[must_use]
pub fn begun(by: &Stamp) -> Makers {
    Kept(vec![by.actor.clone()])
}

/// And whoever writes in it now.
#[must_use]
pub fn joined(Kept(mut makers): Makers, by: &Stamp) -> Makers {
    if !makers.contains(&by.actor) {
        makers.push(by.actor.clone());
    }
    Kept(makers)
}

/// The same of a patch: who changes nothing by it has not written.
#[must_use]
pub fn patched<T: Entity>(before: &T, after: &T, makers: Makers, by: &Stamp) -> Makers {
    if unchanged(before, after) { makers } else { joined(makers, by) }
}

/// Is what stands there partly theirs?
#[must_use]
pub fn wrote(makers: &Makers, actor: &str) -> bool {
    makers.0.iter().any(|maker| maker == actor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::{Moment, Ownership};

    fn by(actor: &str) -> Stamp {
        let at = Moment::new("2026-03-02T01:00:00Z".parse().unwrap());
        Stamp { at, actor: actor.into(), ownership: Ownership::default() }
    }

    #[test]
    fn everybody_who_wrote_is_remembered_once() {
        let makers = ["user:ben", "user:ann", "user:ben"].iter().fold(begun(&by("user:ann")), |makers, actor| {
            let makers = joined(makers, &by(actor));
            assert!(wrote(&makers, actor));
            makers
        });
        assert_eq!(makers.0, ["user:ann", "user:ben"]);
        assert!(!wrote(&makers, "user:eve"));
    }
}
