"""The ring that remembers: tables, transactions, permissions. An app is entered through its actions and queries."""
