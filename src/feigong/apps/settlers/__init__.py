"""New settlers: which registrations become cases, to whom they go, and what the survey of one changes on the roll."""
