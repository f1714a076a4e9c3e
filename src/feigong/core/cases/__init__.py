"""Work that has steps and clocks: one engine for every kind of case; what the steps are is data."""
