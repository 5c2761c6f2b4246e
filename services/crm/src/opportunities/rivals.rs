//! Who else is after a deal, and who got it (CRM-04). Pure: no async, no clock, no SQL.
use super::domain::OpportunityRule;
use crate::competitors::domain::Competitor;
use wire::crm::{
    CloseReason, CompetitorId, CompetitorOutcome as Outcome, CompetitorStatus, NameCompetitor, OpportunityCompetitor,
    OpportunityStatus as Status,
};

/// Competitors of a deal at most.
const MOST: usize = 20;

/// Why a deal ended: in words, in a code, and who got it or whom it was won against.
#[derive(Debug, Clone, Default)]
pub struct Closing {
    pub reason: String,
    pub code: Option<CloseReason>,
    pub rival: Option<(CompetitorId, String)>,
}
impl From<&str> for Closing {
    fn from(reason: &str) -> Self {
        Self { reason: reason.to_owned(), ..Self::default() }
    }
}

/// Adds a competitor, or takes what is said of one for what was said before.
pub fn name(
    rivals: &mut Vec<OpportunityCompetitor>,
    competitor: &Competitor,
    said: NameCompetitor,
) -> Result<(), OpportunityRule> {
    if competitor.status == CompetitorStatus::Archived {
        return Err(OpportunityRule::Archived);
    }
    let (price, note) = (said.price, said.note.map(wire::Note::into_string));
    let rival = OpportunityCompetitor { price, note, ..plain(competitor.id, competitor.name.clone()) };
    match rivals.iter().position(|known| known.competitor_id == competitor.id) {
        Some(place) => rivals[place] = rival,
        None if rivals.len() >= MOST => return Err(OpportunityRule::Competitors),
        None => rivals.push(rival),
    }
    Ok(())
}

/// Tags competitors with how the deal ended: nobody got one that we won, one that we lost got whoever is named. One that nobody
/// had named before joins the list.
pub fn tag(rivals: &mut Vec<OpportunityCompetitor>, status: Status, rival: Option<(CompetitorId, String)>) {
    let named = rival.as_ref().map(|(id, _)| *id);
    if let Some((id, name)) = rival.filter(|(id, _)| rivals.iter().all(|known| known.competitor_id != *id)) {
        rivals.push(plain(id, name));
    }
    for known in rivals {
        known.outcome = match (status, named) {
            (Status::Lost, Some(winner)) if winner == known.competitor_id => Some(Outcome::Won),
            (Status::Lost, Some(_)) | (Status::Won, _) => Some(Outcome::Lost),
            (Status::Lost, None) | (Status::Open | Status::Invalid, _) => None,
        };
    }
}

fn plain(competitor_id: CompetitorId, name: String) -> OpportunityCompetitor {
    OpportunityCompetitor { competitor_id, name, price: None, note: None, outcome: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::opportunities::for_tests::competitor;
    use uuid::Uuid;

    fn said(id: CompetitorId) -> NameCompetitor {
        NameCompetitor { competitor_id: id, price: None, note: Some("低价".parse().unwrap()) }
    }
    fn outcomes(status: Status, named: Option<u128>) -> Vec<Option<Outcome>> {
        let mut rivals: Vec<_> = [1, 2].map(|n| plain(CompetitorId(Uuid::from_u128(n)), n.to_string())).into();
        tag(&mut rivals, status, named.map(|n| (CompetitorId(Uuid::from_u128(n)), n.to_string())));
        rivals.into_iter().map(|rival| rival.outcome).collect()
    }

    #[test]
    fn crm_04_whoever_is_named_got_a_lost_deal_and_nobody_a_won_one() {
        use Outcome::{Lost, Won};
        assert_eq!(outcomes(Status::Lost, Some(2)), [Some(Lost), Some(Won)]);
        assert_eq!(outcomes(Status::Lost, Some(3)), [Some(Lost), Some(Lost), Some(Won)], "a new one joins the list");
        assert_eq!(outcomes(Status::Lost, None), [None, None], "nobody knows");
        assert_eq!(outcomes(Status::Won, Some(1)), [Some(Lost), Some(Lost)]);
        assert_eq!(outcomes(Status::Open, None), [None, None]);
        assert_eq!(outcomes(Status::Invalid, None), [None, None]);
    }

    #[test]
    fn crm_04_20_competitors_are_kept_each_once() {
        let mut rivals = Vec::new();
        for n in 0..20 {
            let rival = competitor(n);
            name(&mut rivals, &rival, said(rival.id)).unwrap();
            name(&mut rivals, &rival, said(rival.id)).unwrap();
        }
        assert_eq!(rivals.len(), 20);
        assert_eq!(name(&mut rivals, &competitor(20), said(competitor(20).id)), Err(OpportunityRule::Competitors));
        let gone = Competitor { status: CompetitorStatus::Archived, ..competitor(1) };
        assert_eq!(name(&mut rivals, &gone, said(gone.id)), Err(OpportunityRule::Archived));
    }
}
