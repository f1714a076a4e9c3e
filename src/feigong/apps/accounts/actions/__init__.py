"""What may be done to accounts, sessions, tokens and saved views. Each function is one step, recorded in the audit."""
