"""The records: what was done, by whom, from where, why; whether the chain is whole."""
