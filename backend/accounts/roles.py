"""The roles of a study, each with a sentence that a trial coordinator can check."""

from django.db import models


class Role(models.TextChoices):
    READER = "READER", "Reader"
    COORDINATOR = "COORDINATOR", "Coordinator"
    SITE_DATA_MANAGER = "SITE_DATA_MANAGER", "Site data manager"
    ADJUDICATOR = "ADJUDICATOR", "Adjudicator"
    STATISTICIAN = "STATISTICIAN", "Statistician"
    AUDITOR = "AUDITOR", "Auditor"


DESCRIPTIONS: dict[Role, str] = {
    Role.READER: "Reads the assigned cases and sees own answers until they are locked; nothing of anybody else.",
    Role.COORDINATOR: "Designs, enrolls and follows progress; is blind to answers, scores and truth before the lock.",
    Role.SITE_DATA_MANAGER: "Sends in the cases of the own center and sees what was refused and why; no readings.",
    Role.ADJUDICATOR: "Sees the two original answers of a discordant case, without names, until the own verdict.",
    Role.STATISTICIAN: "Sees locked data and all results; never an identity.",
    Role.AUDITOR: "Sees who did what and when; no readings.",
}
