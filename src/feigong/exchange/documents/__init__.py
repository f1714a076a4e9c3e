"""Documents: values in, bytes out. No clock, no store, no network; the same input gives the same bytes.

`known` is what documents there are (``data/documents/*.yaml``), `built_in` makes the Word template of one, `filling`
turns values into what stands on paper, `word` fills a template, `checking` says what is wrong with a template of a
district's own, `printing` sets a filled document as PDF or picture.
"""
