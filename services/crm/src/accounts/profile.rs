//! How complete a customer's profile is (CRM-11). Pure: no async, no clock, no SQL. Whether what is said is true, nobody here
//! can know: `last_verified_at` says when somebody looked.
use super::domain::{Account, AccountRule};
use platform::{Change, Machine};
use std::collections::HashSet;
use wire::{
    crm::{AccountProfileCompleted, BusinessProfile, BusinessProfilePatch, ContactId, DecisionMember, DecisionRole},
    json::Kept,
};

/// People of a decision chain at most.
const MOST_MEMBERS: usize = 50;

impl Account {
    /// Changes what the patch names.
    pub fn update_profile(self, patch: BusinessProfilePatch) -> platform::Result<Change<Self>> {
        self.may("update")?;
        if patch.decision_days.new_value().is_some_and(|days| !(1..=3650).contains(&days)) {
            return Err(AccountRule::Days.into());
        }
        let before = self.completeness_percent();
        let mut next = self.next();
        next.profile = Kept(with(next.profile.0, patch));
        Ok(next.maybe_complete("update_profile", before))
    }
    /// The chain as a whole; `working` = who of the named works there.
    pub fn set_decision_chain(
        self,
        members: Vec<DecisionMember>,
        working: &[ContactId],
    ) -> platform::Result<Change<Self>> {
        self.may("update")?;
        let named: HashSet<ContactId> = members.iter().map(|member| member.contact_id).collect();
        let all_there = named.iter().all(|id| working.contains(id));
        if members.len() > MOST_MEMBERS || named.len() < members.len() || !all_there {
            return Err(AccountRule::People.into());
        }
        let before = self.completeness_percent();
        let mut next = self.next();
        next.decision_chain = Kept(members);
        Ok(next.maybe_complete("set_decision_chain", before))
    }
    /// Parts of the profile that are known, of a hundred, rounded down.
    pub fn completeness_percent(&self) -> u8 {
        let parts = self.parts();
        let known = parts.iter().filter(|(_, known)| *known).count();
        u8::try_from(known * 100 / parts.len()).unwrap_or(100)
    }
    /// Parts that are not known.
    pub fn missing(&self) -> Vec<String> {
        let parts = self.parts().into_iter();
        parts.filter(|(_, known)| !known).map(|(name, _)| name.to_owned()).collect()
    }
    fn parts(&self) -> [(&'static str, bool); 14] {
        // No `..`: a new part counts.
        let BusinessProfile {
            founded_on,
            legal_representative,
            registered_capital,
            employees,
            main_business,
            main_products,
            markets,
            annual_revenue,
            annual_purchases,
            credit,
            decision_process,
            decision_days,
            budget_cycle,
        } = &self.profile.0;
        [
            ("founded_on", founded_on.is_some()),
            ("legal_representative", legal_representative.is_some()),
            ("registered_capital", registered_capital.is_some()),
            ("employees", employees.is_some()),
            ("main_business", main_business.is_some()),
            ("main_products", main_products.is_some()),
            ("markets", markets.is_some()),
            ("annual_revenue", annual_revenue.is_some()),
            ("annual_purchases", annual_purchases.is_some()),
            ("credit", credit.is_some()),
            ("decision_process", decision_process.is_some()),
            ("decision_days", decision_days.is_some()),
            ("budget_cycle", budget_cycle.is_some()),
            ("decision_chain", self.decision_chain.0.iter().any(|member| member.role == DecisionRole::Decider)),
        ]
    }
    fn maybe_complete(self, action: &'static str, before: u8) -> Change<Self> {
        let completed = before < 100 && self.completeness_percent() == 100;
        let event = AccountProfileCompleted { account_id: self.id, number: self.number.clone() };
        let change = Change::new(action, self);
        if completed { change.emit(&event) } else { change }
    }
    fn next(mut self) -> Self {
        self.version += 1;
        self
    }
}

/// What the patch names, and else what is known.
fn with(known: BusinessProfile, patch: BusinessProfilePatch) -> BusinessProfile {
    BusinessProfile {
        founded_on: patch.founded_on.or(known.founded_on),
        legal_representative: patch.legal_representative.or(known.legal_representative),
        registered_capital: patch.registered_capital.or(known.registered_capital),
        employees: patch.employees.or(known.employees),
        main_business: patch.main_business.or(known.main_business),
        main_products: patch.main_products.or(known.main_products),
        markets: patch.markets.or(known.markets),
        annual_revenue: patch.annual_revenue.or(known.annual_revenue),
        annual_purchases: patch.annual_purchases.or(known.annual_purchases),
        credit: patch.credit.or(known.credit),
        decision_process: patch.decision_process.or(known.decision_process),
        decision_days: patch.decision_days.or(known.decision_days),
        budget_cycle: patch.budget_cycle.or(known.budget_cycle),
    }
}
