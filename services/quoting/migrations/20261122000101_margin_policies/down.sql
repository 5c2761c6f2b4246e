DELETE FROM approval_policies WHERE key = 'quoting.quote.low_margin';
DROP TABLE margin_policies;
