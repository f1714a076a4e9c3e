"""Coming in: log-in page, second factor, OIDC, invitations, and one's own account."""
