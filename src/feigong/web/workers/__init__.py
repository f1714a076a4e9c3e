"""Party workers: secretaries, committee members, instructors, liaison officers."""
