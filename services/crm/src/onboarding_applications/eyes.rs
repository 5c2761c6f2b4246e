//! Who may take a step of a registration, whatever its state (CRM-45 … CRM-47). Pure, like `domain`.
use super::domain::{OnboardingApplication, OnboardingRule};

/// Papers of a registration at most.
const MOST_DOCUMENTS: usize = 20;
/// How often it may be submitted.
const MOST_ROUNDS: i32 = 20;

impl OnboardingApplication {
    /// Four pairs of eyes: whoever entered it does not check it, and another department reviews it.
    pub fn permits(&self, action: &str, actor: &str, department: Option<&str>) -> Result<(), OnboardingRule> {
        self.has_room(action)?;
        if ["review", "verify_document"].contains(&action) {
            self.not_the_maker(actor)?;
        }
        match department {
            None if ["enter", "review"].contains(&action) => Err(OnboardingRule::Department),
            Some(department) if action == "review" && self.maker_department.as_deref() == Some(department) => {
                Err(OnboardingRule::SameDepartment { department: department.to_owned() })
            }
            _ => Ok(()),
        }
    }
    /// So many papers are kept, and it is handed in so often.
    pub(super) fn has_room(&self, action: &str) -> Result<(), OnboardingRule> {
        match action {
            "add_document" if self.documents.0.len() >= MOST_DOCUMENTS => Err(OnboardingRule::Documents),
            "submit" | "resubmit" if self.round >= MOST_ROUNDS => Err(OnboardingRule::Rounds),
            _ => Ok(()),
        }
    }
    pub(super) fn not_the_maker(&self, actor: &str) -> Result<(), OnboardingRule> {
        if self.maker.as_deref() == Some(actor) { Err(OnboardingRule::Maker) } else { Ok(()) }
    }
}
