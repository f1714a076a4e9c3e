"""What an organisation does in a year, by the rules of its kind and size."""
