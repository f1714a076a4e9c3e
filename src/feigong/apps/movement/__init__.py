"""Members who move: transfers as cases, branches that they endanger, turnover by area."""
