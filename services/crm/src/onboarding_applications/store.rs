//! The only SQL of registrations.
use super::domain::OnboardingApplication;
use crate::schema::onboarding_applications;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, handover::Handed, page};
use wire::crm::{AccountId, AccountPageQuery, OnboardingApplicationId};

platform::store!(OnboardingApplication, onboarding_applications);
platform::handed!(OnboardingApplication, onboarding_applications; row: this, closed: ["completed", "withdrawn"]);

/// The number of a customer's registration that is not done.
pub async fn open_of(conn: &mut Conn, account: AccountId) -> QueryResult<Option<String>> {
    let open = onboarding_applications::table
        .filter(onboarding_applications::account_id.eq(account))
        .filter(onboarding_applications::status.ne_all(<OnboardingApplication as Handed>::CLOSED));
    open.select(onboarding_applications::number).first(conn).await.optional()
}

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<OnboardingApplicationId>> {
    let of_account = onboarding_applications::table.filter(onboarding_applications::account_id.eq(account));
    of_account.order(onboarding_applications::id).select(onboarding_applications::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<OnboardingApplication>> {
    let page = query.page();
    page!(OnboardingApplication, onboarding_applications, page, sight; status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}
