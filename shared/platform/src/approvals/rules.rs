//! Who may decide, and what follows. Pure: no clock, no SQL; every refusal is a rule with a code.
use crate::auth::Role;
use serde::{Deserialize, Serialize};
use wire::approval::{StepMode, Verdict};

/// A policy's step: every role (`all`), or one of them (`any`), must say yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    pub mode: StepMode,
    pub roles: Vec<Role>,
}

/// One person's word, in one role, at one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub step: usize,
    pub role: Role,
    pub approver: String,
    pub verdict: Verdict,
    pub comment: Option<String>,
    pub at: wire::Moment,
}

/// What a vote leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Others of this step, or later steps, are still to be heard; the step that is asked now.
    Pending(usize),
    Approved,
    Rejected,
}

crate::rules!(
    /// Why a vote is refused: never silently.
    ApprovalRule {
        Own => "approval.own_request", Forbidden, "you asked for it yourself; someone else must decide (maker is not checker)", "本人提交的申请须由他人审批";
        NotEligible { roles: String } => "approval.not_eligible", Forbidden, "this step is decided by: {roles}", "本步骤由以下角色审批：{roles}";
        Twice => "approval.already_voted", Conflict, "you have already decided this step", "您已对本步骤作出决定";
        Closed { status: String } => "approval.closed", Conflict, "this approval is {status} already", "该审批已是 {status} 状态";
        NeedsComment => "approval.comment_required", Invalid, "say why you reject, so that it can be corrected", "驳回时请说明理由，以便申请人修改", at "/comment";
        NobodyEligible { step: String, roles: String } => "approval.nobody_eligible", Conflict, "nobody but the maker could decide step {step} ({roles}); add someone to the directory", "步骤 {step}（{roles}）除申请人外无人可审批，请在通讯录中补充人员";
        NoPolicy { key: String } => "approval.no_policy", Conflict, "no policy {key} is in force", "审批策略 {key} 尚未生效";
    }
);

/// The role in which this person may speak at a step now, if any.
pub fn seat(step: &Step, number: usize, votes: &[Vote], roles: &[Role]) -> Option<Role> {
    let taken = |role: &Role| votes.iter().any(|vote| vote.step == number && vote.role == *role);
    step.roles.iter().copied().find(|role| roles.contains(role) && !taken(role))
}

/// Where an approval stands.
pub struct Ballot<'a> {
    pub steps: &'a [Step],
    pub votes: &'a [Vote],
    /// Index into `steps`.
    pub current: usize,
    pub maker: &'a str,
}

/// Casts a vote: the one function behind approve and reject. `approver` = user and roles.
pub fn cast(
    ballot: &Ballot<'_>,
    approver: (&str, &[Role]),
    verdict: Verdict,
    comment: Option<String>,
    at: wire::Moment,
) -> Result<(Vote, Outcome), ApprovalRule> {
    let Ballot { steps, votes, current, maker } = *ballot;
    let (user, roles) = approver;
    let Some(step) = steps.get(current) else { return Err(ApprovalRule::Closed { status: "decided".into() }) };
    if user == maker {
        return Err(ApprovalRule::Own);
    }
    if votes.iter().any(|vote| vote.step == current && vote.approver == user) {
        return Err(ApprovalRule::Twice);
    }
    let role =
        seat(step, current, votes, roles).ok_or_else(|| ApprovalRule::NotEligible { roles: names(&step.roles) })?;
    if verdict == Verdict::Rejected && comment.as_deref().is_none_or(|text| text.trim().is_empty()) {
        return Err(ApprovalRule::NeedsComment);
    }
    let vote = Vote { step: current, role, approver: user.to_owned(), verdict, comment, at };
    let outcome = if verdict == Verdict::Rejected { Outcome::Rejected } else { after(steps, votes, &vote) };
    Ok((vote, outcome))
}

fn after(steps: &[Step], votes: &[Vote], vote: &Vote) -> Outcome {
    let step = &steps[vote.step];
    let heard = 1 + votes.iter().filter(|v| v.step == vote.step).count();
    let complete = match step.mode {
        StepMode::Any => true,
        StepMode::All => heard >= step.roles.len(),
    };
    match (complete, vote.step + 1 < steps.len()) {
        (false, _) => Outcome::Pending(vote.step),
        (true, true) => Outcome::Pending(vote.step + 1),
        (true, false) => Outcome::Approved,
    }
}

/// Is there, for every seat of every step, a person who is not the maker? One person fills one seat a step.
pub fn staffed(steps: &[Step], people: &[(String, Vec<Role>)], maker: &str) -> Result<(), ApprovalRule> {
    for step in steps {
        let able = |role: &Role| {
            people
                .iter()
                .filter(|(id, roles)| id != maker && roles.contains(role))
                .map(|(id, _)| id.as_str())
                .collect::<Vec<_>>()
        };
        let seats: Vec<Vec<&str>> = step.roles.iter().map(able).collect();
        let enough = match step.mode {
            StepMode::Any => seats.iter().any(|seat| !seat.is_empty()),
            StepMode::All => matched(&seats, 0, &mut Vec::new()),
        };
        if !enough {
            return Err(ApprovalRule::NobodyEligible { step: step.name.clone(), roles: names(&step.roles) });
        }
    }
    Ok(())
}

fn matched<'a>(seats: &[Vec<&'a str>], next: usize, sitting: &mut Vec<&'a str>) -> bool {
    let Some(seat) = seats.get(next) else { return true };
    seat.iter().any(|person| {
        if sitting.contains(person) {
            return false;
        }
        sitting.push(person);
        let fits = matched(seats, next + 1, sitting);
        sitting.pop();
        fits
    })
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(mode: StepMode, roles: &[Role]) -> Step {
        Step { name: "review".into(), mode, roles: roles.to_vec() }
    }
    fn at() -> wire::Moment {
        wire::Moment::new(jiff::Timestamp::UNIX_EPOCH)
    }
    fn vote(
        steps: &[Step],
        votes: &mut Vec<Vote>,
        current: usize,
        user: &str,
        roles: &[Role],
        verdict: Verdict,
    ) -> Result<Outcome, ApprovalRule> {
        let comment = (verdict == Verdict::Rejected).then(|| "too cheap".to_owned());
        let (vote, outcome) =
            cast(&Ballot { steps, votes, current, maker: "maker" }, (user, roles), verdict, comment, at())?;
        votes.push(vote);
        Ok(outcome)
    }

    #[test]
    fn steps_are_heard_in_order_and_all_seats_of_a_parallel_step() {
        let steps = [step(StepMode::All, &[Role::SalesManager]), step(StepMode::All, &[Role::Legal, Role::Technical])];
        let mut votes = Vec::new();
        assert_eq!(vote(&steps, &mut votes, 0, "m", &[Role::SalesManager], Verdict::Approved), Ok(Outcome::Pending(1)));
        assert_eq!(vote(&steps, &mut votes, 1, "l", &[Role::Legal], Verdict::Approved), Ok(Outcome::Pending(1)));
        assert_eq!(vote(&steps, &mut votes, 1, "l", &[Role::Legal], Verdict::Approved), Err(ApprovalRule::Twice));
        assert_eq!(vote(&steps, &mut votes, 1, "t", &[Role::Technical], Verdict::Approved), Ok(Outcome::Approved));
    }

    #[test]
    fn the_maker_the_uninvited_and_the_wordless_are_refused() {
        let steps = [step(StepMode::Any, &[Role::Legal])];
        let mut votes = Vec::new();
        assert_eq!(vote(&steps, &mut votes, 0, "maker", &[Role::Legal], Verdict::Approved), Err(ApprovalRule::Own));
        assert!(matches!(
            vote(&steps, &mut votes, 0, "x", &[Role::Buyer], Verdict::Approved),
            Err(ApprovalRule::NotEligible { .. })
        ));
        let ballot = Ballot { steps: &steps, votes: &[], current: 0, maker: "maker" };
        let wordless = cast(&ballot, ("l", &[Role::Legal]), Verdict::Rejected, Some("  ".into()), at());
        assert_eq!(wordless.unwrap_err(), ApprovalRule::NeedsComment);
        assert_eq!(vote(&steps, &mut votes, 0, "l", &[Role::Legal], Verdict::Rejected), Ok(Outcome::Rejected));
    }

    #[test]
    fn a_step_needs_as_many_people_as_seats() {
        let steps = [step(StepMode::All, &[Role::Legal, Role::Technical])];
        let both = |id: &str| (id.to_owned(), vec![Role::Legal, Role::Technical]);
        assert!(staffed(&steps, &[both("a"), both("b")], "maker").is_ok());
        assert!(staffed(&steps, &[both("a")], "maker").is_err(), "one person cannot fill two seats");
        assert!(staffed(&steps, &[both("a"), both("maker")], "maker").is_err(), "the maker does not count");
        assert!(
            staffed(&[step(StepMode::Any, &[Role::Legal, Role::Buyer])], &[("b".into(), vec![Role::Buyer])], "maker")
                .is_ok()
        );
    }
}
