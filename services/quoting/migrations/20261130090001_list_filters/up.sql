-- What frontends narrow these lists by, besides deal, state and scope.
CREATE INDEX quotes_account ON quotes (account_id, id);
CREATE INDEX quotes_opportunity ON quotes (opportunity_id, id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX solutions_opportunity ON solutions (opportunity_id, id);
CREATE INDEX solutions_requirement_spec ON solutions (requirement_spec_id, id);
CREATE INDEX proposals_solution ON proposals (solution_id, id);
CREATE INDEX cost_sheets_account ON cost_sheets (account_id, id);
CREATE INDEX cost_sheets_opportunity ON cost_sheets (opportunity_id, id) WHERE opportunity_id IS NOT NULL;
CREATE INDEX cost_sheets_quote ON cost_sheets (quote_id, id) WHERE quote_id IS NOT NULL;

-- Whom a customer's document names: their primary contact.
CREATE INDEX replicas_primary_contact ON replicas ((data ->> 'account_id'))
    WHERE kind = 'contact' AND data ->> 'primary' = 'true' AND data ->> 'status' = 'active';
