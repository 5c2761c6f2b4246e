//! The only SQL of cards.
use super::domain::MembershipCard;
use crate::schema::membership_cards;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use platform::{Conn, Sight, page};
use wire::crm::{AccountId, AccountPageQuery, MembershipCardId, OnboardingApplicationId};

platform::store!(MembershipCard, membership_cards);

/// The number of a registration's card that is not lost.
pub async fn living_of(conn: &mut Conn, of: OnboardingApplicationId) -> QueryResult<Option<String>> {
    let living = membership_cards::table
        .filter(membership_cards::onboarding_application_id.eq(of))
        .filter(membership_cards::status.ne("lost"));
    living.select(membership_cards::number).first(conn).await.optional()
}

/// All of a customer.
pub async fn of_account(conn: &mut Conn, account: AccountId) -> QueryResult<Vec<MembershipCardId>> {
    let of_account = membership_cards::table.filter(membership_cards::account_id.eq(account));
    of_account.order(membership_cards::id).select(membership_cards::id).load(conn).await
}

/// A page, newest first.
pub async fn list(conn: &mut Conn, query: &AccountPageQuery, sight: &Sight) -> QueryResult<Vec<MembershipCard>> {
    let page = query.page();
    page!(MembershipCard, membership_cards, page, sight; status = page.status, account_id = query.account_id)
        .load(conn)
        .await
}
