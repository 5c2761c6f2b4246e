DROP INDEX quotes_account, quotes_opportunity, solutions_opportunity, solutions_requirement_spec, proposals_solution, cost_sheets_account, cost_sheets_opportunity,
    cost_sheets_quote, replicas_primary_contact;
