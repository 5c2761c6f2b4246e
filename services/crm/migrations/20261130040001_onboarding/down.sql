DELETE FROM approval_policies WHERE key = 'crm.onboarding_application';
DELETE FROM number_rules WHERE kind IN ('onboarding_application', 'membership_card');
DROP TABLE membership_cards;
DROP TABLE onboarding_applications;
