"""The calm centre: values in, decisions out. No I/O, no clock, no framework, no translation."""
