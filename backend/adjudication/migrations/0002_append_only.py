"""The originals of an item and its verdict are only ever added."""

from django.db import migrations

from backend.audit.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("adjudication", "0001_initial")]
    operations = [
        AppendOnly("adjudication_itemoriginal"),
        AppendOnly("adjudication_verdict"),
        AppendOnly("adjudication_verdictanswer"),
    ]
