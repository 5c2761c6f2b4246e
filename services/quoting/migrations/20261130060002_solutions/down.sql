DELETE FROM number_rules WHERE kind = 'solution';
DROP TABLE solution_review_policies, solutions;
