"""Documents of a district: templates of its own, and documents made by them.

For whoever makes a document in a step of a case (`making`):

``make(code, fields, kind="docx" | "pdf", *, on, area=None) -> Made(name, content)``
    ``code`` as in ``data/documents`` (`documents()` lists them), ``fields`` by the codes of `fields_of(code)`: what is
    missing prints as a line to write on, what the document does not ask for is not used, and no value can make it
    fail. ``on``: the day whose rules are cited. ``area``: whose template is used, else the nearest above with one of
    its own; without, ours. ``name`` is a file name, safe to hand out.
``fields_of(code) -> tuple[Field, ...]``
    What can be filled in: ``field.code``, ``field.title.zh`` / ``.en``, ``field.kind`` (text, number, date, rows with
    ``field.columns``). Dates may be days or ISO texts; rows are mappings by the codes of the columns.

`actions` change templates (district offices), `queries` read them.
"""
