"""Templates of a district's own. Versions are only ever added: the last one of an area counts."""

from __future__ import annotations

from django.db import models


class Template(models.Model):
    """One version. ``content`` is nothing where the area went back to what is used above it, at last to ours.

    When and by whom is in the record. A template holds no personal data: placeholders stand where names will.
    """

    code = models.CharField(max_length=40)  # of the document
    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+")  # for it and all below
    content = models.BinaryField(null=True)
    name = models.CharField(max_length=160, blank=True)  # of the file that was uploaded
    digest = models.CharField(max_length=64, blank=True)
    record = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["code", "area"])]
