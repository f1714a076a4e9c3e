"""Party organisations."""
