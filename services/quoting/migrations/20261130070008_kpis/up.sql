-- What was sold in a time (KPI-02).
CREATE INDEX quotes_accepted ON quotes (decided_at) WHERE status = 'accepted';
