"""Contract terms: calendars, SLA clocks, objectives, service credits, prices, invoices and the ledger they rest on."""
