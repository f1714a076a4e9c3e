"""Running an installation: setting it up, looking after it, keeping copies and bringing them back."""
