//! What the customer wants to know about a proposal: open, answered, accepted (QUO-08). Pure, like `domain`.
use super::domain::{Proposal, ProposalRule};
use platform::{Change, Machine, Stamp};
use uuid::Uuid;
use wire::quoting::{
    AnswerProposal, AskProposal, ProposalQuestion, ProposalQuestionAnswered, ProposalQuestionStatus as Asked,
    ProposalStatus as Status,
};

/// Questions about a proposal at most.
const MOST_QUESTIONS: usize = 200;

impl Proposal {
    /// A doubt came up: it is being clarified.
    pub fn ask(self, id: Uuid, said: AskProposal, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("ask")?;
        if self.questions.0.len() >= MOST_QUESTIONS {
            return Err(ProposalRule::Questions.into());
        }
        let mut next = self.to(Status::UnderClarification);
        next.questions.0.push(ProposalQuestion {
            id,
            status: Asked::Open,
            question: said.question.into_string(),
            person: said.person.into_string(),
            asked_by: by.actor.clone(),
            asked_at: by.at,
            answer: None,
            answered_by: None,
            answered_at: None,
        });
        Ok(Change::new("ask", next))
    }
    /// Answers an open question.
    pub fn answer(self, said: AnswerProposal, by: &Stamp) -> platform::Result<Change<Self>> {
        self.may("answer")?;
        let mut next = self.next();
        let question = next.question(said.question_id, Asked::Open)?;
        question.status = Asked::Answered;
        question.answer = Some(said.answer.into_string());
        (question.answered_by, question.answered_at) = (Some(by.actor.clone()), Some(by.at));
        let (proposal_id, number, question_id) = (next.id, next.number.clone(), said.question_id);
        let event = ProposalQuestionAnswered { proposal_id, number, question_id };
        Ok(Change::new("answer", next).emit(&event))
    }
    /// The customer is content with an answer.
    pub fn accept_answer(self, id: Uuid) -> platform::Result<Change<Self>> {
        self.may("accept_answer")?;
        let mut next = self.next();
        next.question(id, Asked::Answered)?.status = Asked::Accepted;
        Ok(Change::new("accept_answer", next))
    }
    fn question(&mut self, id: Uuid, status: Asked) -> Result<&mut ProposalQuestion, ProposalRule> {
        let found = self.questions.0.iter_mut().find(|question| question.id == id && question.status == status);
        found.ok_or(ProposalRule::Question { id, status })
    }
}
