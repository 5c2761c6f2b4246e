//! What a quote waits for besides its state: the documents that it rests on, the proposal that it is part of, its last day. Pure,
//! like `domain`.
use super::domain::Quote;
use platform::Closed;
use uuid::Uuid;
use wire::Day;

impl Quote {
    /// As it is looked at on a day in Asia/Shanghai.
    #[must_use]
    pub fn on(mut self, today: Day) -> Self {
        self.basis.today = Some(today);
        self
    }
    /// The gates that are closed for an action.
    pub(super) fn closed_gates(&self, action: &str) -> Vec<Closed> {
        match action {
            "submit" => self.costs_open().into_iter().collect(),
            "issue" => self.need_open().into_iter().chain(self.validity_over()).collect(),
            "offer" => self.validity_over().into_iter().collect(),
            "accept" => self.proposal_decides().into_iter().chain(self.validity_over()).collect(),
            "reject" => self.proposal_decides().into_iter().collect(),
            _ => Vec::new(),
        }
    }
    /// It names a cost sheet that is not locked.
    fn costs_open(&self) -> Option<Closed> {
        let (english, chinese) =
            ("finance must verify and lock the cost sheet first", "须先由财务核实并锁定成本核算表");
        let sheet = self.head.cost_sheet_id.map(Uuid::from).unwrap_or_default();
        (!self.basis.cost_locked).then(|| Closed::new("cost_sheet_locked", english, chinese).on(sheet))
    }
    /// It names a specification that the customer has not confirmed.
    fn need_open(&self) -> Option<Closed> {
        let (english, chinese) = ("the customer must confirm the specification first", "须先由客户确认需求说明书");
        let spec = self.head.requirement_spec_id.map(Uuid::from).unwrap_or_default();
        (!self.basis.spec_confirmed).then(|| Closed::new("spec_confirmed", english, chinese).on(spec))
    }
    /// A part of a proposal is not decided about by itself.
    fn proposal_decides(&self) -> Option<Closed> {
        let (english, chinese) =
            ("it is part of a proposal: accept or decline that", "该报价单属于一份建议书，请对建议书作出决定");
        let elsewhere = self.head.proposal_id.filter(|_| self.head.proposal_id != self.basis.in_hands_of);
        elsewhere.map(|id| Closed::new("part_of_proposal", english, chinese).on(id))
    }
    /// Its last day is over.
    fn validity_over(&self) -> Option<Closed> {
        let until = self.head.valid_until;
        let english = format!("it was valid until {until}; revise it with a later date");
        let chinese = format!("报价有效期至 {until}，请修订后重新发出");
        let over = self.basis.today.is_some_and(|today| until < today);
        over.then(|| Closed::new("validity", english, chinese).on(until))
    }
}
